package dev.plumbline.agent.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An incremental parser of server-sent events (WHATWG HTML, section 9.2): bytes in, the {@code
 * data} of finished events out. Works on bytes, so a chunk may end in the middle of a UTF-8
 * sequence or between CR and LF. Only {@code data} matters: where a server also names an event, its
 * data repeats the name. Other fields are passed over. Not thread-safe.
 */
public final class SseParser {
  private final int maxEventBytes;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private boolean hasData;
  private boolean afterCarriageReturn;
  private boolean firstLine = true;

  /**
   * @param maxEventBytes an event longer than this is refused
   */
  public SseParser(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * Takes the next bytes.
   *
   * @return the data of each event they finish, in order
   * @throws IllegalStateException for an event over the bound
   */
  public List<String> feed(byte[] bytes) {
    List<String> events = new ArrayList<>();
    for (byte b : bytes) {
      boolean pairedLineFeed = b == '\n' && afterCarriageReturn;
      afterCarriageReturn = b == '\r';
      if (pairedLineFeed) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        endLine(events);
      } else {
        append(b);
      }
    }
    return events;
  }

  /** Whether bytes of an unfinished event are left: at the end of a stream, a sign of a cut. */
  public boolean pending() {
    return hasData || line.size() > 0;
  }

  private void append(byte b) {
    if (line.size() + data.size() >= maxEventBytes) {
      throw new IllegalStateException(
          "wanted events of at most " + maxEventBytes + " bytes, found more");
    }
    line.write(b);
  }

  private void endLine(List<String> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (firstLine && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    firstLine = false;
    if (text.isEmpty()) {
      endEvent(events);
    } else if (text.startsWith("data:")) {
      addData(text.substring("data:".length()));
    }
  }

  private void addData(String value) {
    if (hasData) {
      data.write('\n');
    }
    hasData = true;
    data.writeBytes(
        (value.startsWith(" ") ? value.substring(1) : value).getBytes(StandardCharsets.UTF_8));
  }

  private void endEvent(List<String> events) {
    if (hasData) {
      events.add(data.toString(StandardCharsets.UTF_8));
    }
    data.reset();
    hasData = false;
  }
}
