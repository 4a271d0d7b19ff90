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

  private boolean cut;

  /**
   * @param maxFrameBytes after a longer frame nothing is cut any more
   */
  public SseFrames(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * Takes the next bytes.
   *
   * @return the frames they finish, in order; none after a frame over the bound, with which all
   *     that comes is {@link #takeRest}
   */
  public List<Frame> feed(byte[] bytes) {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (mayPair && b != '\n') {
        end(frames);
      }
      cut |= frame.size() >= maxFrameBytes;
      if (cut) {
        frame.write(bytes, i, bytes.length - i);
        return frames;
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

  /** Whether a frame was over the bound: what came from there on was not looked at. */
  public boolean cut() {
    return cut;
  }

  /** The stream has ended: the frame that only waited for a line feed behind its last return. */
  public List<Frame> end() {
    List<Frame> frames = new ArrayList<>();
    if (mayPair) {
      end(frames);
    }
    return frames;
  }

  /** Whether there are bytes of no whole frame. */
  public boolean pending() {
    return frame.size() > 0;
  }

  /** Takes out what is left of an unfinished frame, or of one that no line feed followed. */
  public byte[] takeRest() {
    byte[] rest = frame.toByteArray();
    frame.reset();
    return rest;
  }

  /** The data of an event as it goes on the wire. */
  public static byte[] write(String data) {
    return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
