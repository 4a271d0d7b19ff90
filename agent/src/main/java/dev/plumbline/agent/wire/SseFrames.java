package dev.plumbline.agent.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream of server-sent events into its events without changing a byte: the frames, put
 * together, are the stream. Not thread-safe.
 */
public final class SseFrames {
  /**
   * One event, or a comment, with the empty line that ends it.
   *
   * @param raw as it came
   * @param data what its {@code data} lines say, empty for none
   */
  public record Frame(byte[] raw, String data) {}

  /** The data of the event that ends OpenAI's streams. */
  public static final String DONE = "[DONE]";

  private final int maxFrameBytes;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private boolean lineEmpty = true;
  private boolean afterCarriageReturn;

  /** The frame ended with a carriage return, whose line feed may still come. */
  private boolean mayPair;

  /**
   * @param maxFrameBytes a longer frame is refused
   */
  public SseFrames(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * Takes the next bytes.
   *
   * @return the frames they finish, in order
   * @throws IllegalStateException for a frame over the bound
   */
  public List<Frame> feed(byte[] bytes) {
    List<Frame> frames = new ArrayList<>();
    for (byte b : bytes) {
      if (mayPair && b != '\n') {
        end(frames);
      }
      if (frame.size() >= maxFrameBytes) {
        throw new IllegalStateException(
            "wanted events of at most " + maxFrameBytes + " bytes, found more");
      }
      frame.write(b);
      take(b, frames);
    }
    return frames;
  }

  private void take(byte b, List<Frame> frames) {
    if (mayPair) {
      end(frames);
      return;
    }
    boolean paired = b == '\n' && afterCarriageReturn;
    afterCarriageReturn = b == '\r';
    if (paired) {
      return;
    }
    boolean lineEnd = b == '\n' || b == '\r';
    if (lineEnd && lineEmpty) {
      if (b == '\r') {
        mayPair = true;
      } else {
        end(frames);
      }
    }
    lineEmpty = lineEnd;
  }

  private void end(List<Frame> frames) {
    byte[] raw = frame.toByteArray();
    frame.reset();
    mayPair = false;
    afterCarriageReturn = false;
    lineEmpty = true;
    List<String> data = new SseParser(raw.length + 1).feed(raw);
    frames.add(new Frame(raw, data.isEmpty() ? "" : data.get(0)));
  }

  /** What is left of an unfinished frame, or of one that no line feed followed. */
  public byte[] rest() {
    return frame.toByteArray();
  }

  /** The data of an event as it goes on the wire. */
  public static byte[] write(String data) {
    return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
