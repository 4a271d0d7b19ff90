package dev.plumbline.agent.tap.vllm;

import dev.plumbline.agent.tap.states.StateRows;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A hidden-states file, open. Read, not mapped: a mapped file that its writer cuts short takes the
 * process down. Not thread-safe.
 */
final class StatesFile implements AutoCloseable {
  private final FileChannel channel;
  private final StatesHeader header;

  private StatesFile(FileChannel channel, StatesHeader header) {
    this.channel = channel;
    this.header = header;
  }

  /**
   * Opens a complete file; a link is not followed.
   *
   * @throws BadStates if it is none, or not complete
   */
  static StatesFile open(Path file) throws IOException, BadStates {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      return new StatesFile(channel, header(channel));
    } catch (IOException | BadStates | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static StatesHeader header(FileChannel channel) throws IOException, BadStates {
    long size = channel.size();
    if (size < StatesHeader.LENGTH_BYTES) {
      throw BadStates.broken("hidden-states file", "a header", size + " bytes");
    }
    long length = read(channel, 0, new byte[StatesHeader.LENGTH_BYTES]).getLong();
    long most = Math.min(StatesHeader.LONGEST, size - StatesHeader.LENGTH_BYTES);
    if (length < 2 || length > most) {
      throw BadStates.broken("hidden-states file", "a header of at most " + most, length);
    }
    byte[] json = new byte[(int) length];
    read(channel, StatesHeader.LENGTH_BYTES, json);
    StatesHeader header = StatesHeader.of(json);
    if (header.fileBytes() != size) {
      throw BadStates.broken("hidden-states file", header.fileBytes() + " bytes", size);
    }
    return header;
  }

  StatesHeader header() {
    return header;
  }

  /** All token ids: prompt and answer without the last sampled one. */
  long[] ids() throws IOException {
    ByteBuffer bytes = read(channel, header.idsAt(), new byte[8 * header.ids()]);
    long[] ids = new long[header.ids()];
    bytes.asLongBuffer().get(ids);
    return ids;
  }

  /** The states from a token on. */
  StateRows rows(int from, List<TapPoint> points, long mostBytes) throws IOException, BadStates {
    int row = Math.multiplyExact(header.hidden(), header.form().bytes());
    long tokens = header.tokens() - (long) from;
    long bytes = tokens * header.points() * row;
    if (bytes > mostBytes) {
      throw new BadStates(
          UnscoredReason.TOO_LONG,
          "hidden states of an answer",
          "at most " + mostBytes + " bytes",
          bytes,
          "have the server extract fewer layers");
    }
    byte[][] rows = new byte[Math.toIntExact(tokens * header.points())][row];
    long at = header.statesAt() + (long) from * header.points() * row;
    for (byte[] each : rows) {
      read(channel, at, each);
      at += row;
    }
    return new StateRows(points, header.hidden(), header.form(), rows);
  }

  private static ByteBuffer read(FileChannel channel, long at, byte[] into) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("the hidden-states file was cut short while it was read");
      }
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
