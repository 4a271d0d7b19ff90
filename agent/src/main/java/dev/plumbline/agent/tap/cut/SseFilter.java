package dev.plumbline.agent.tap.cut;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Cuts members out of the JSON data of server-sent events (WHATWG HTML, section 9.2), and drops an
 * event that says nothing without them. Other lines, line ends and {@code [DONE]} pass as they are.
 * An event goes on when it is complete, or when it has outgrown {@link #HELD_BYTES}.
 */
public final class SseFilter implements AnswerFilter {
  /** Bytes of an event held back, after cutting. */
  static final int HELD_BYTES = 1 << 18;

  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

  private enum Line {
    START,
    DATA,
    OTHER
  }

  private static final byte[] LINE_FEED = {'\n'};

  private final MemberCutter cutter;
  private final Bytes event = new Bytes();
  private final Bytes payload = new Bytes();
  private Line line = Line.START;
  private int matched;
  private int dataLines;
  private boolean begun;
  private boolean spilt;
  private boolean dropped;
  private boolean afterCarriageReturn;

  public SseFilter(List<Rule> rules, Collector collector) {
    this.cutter = new MemberCutter(rules, collector);
  }

  @Override
  public byte[] feed(byte[] bytes) {
    Bytes out = new Bytes(Math.min(bytes.length, 1 << 13));
    int i = 0;
    while (i < bytes.length) {
      byte b = bytes[i];
      if (b == '\n' || b == '\r') {
        lineEnd(b, out);
        i++;
      } else {
        afterCarriageReturn = false;
        begun = true;
        i = line == Line.DATA ? data(bytes, i) : other(bytes, i);
        spill(out);
      }
    }
    return out.toByteArray();
  }

  @Override
  public byte[] end() {
    Bytes out = new Bytes();
    if (line == Line.START) {
      event.write(DATA, 0, matched);
    }
    endDocument();
    out.write(event);
    return out.toByteArray();
  }

  private int data(byte[] bytes, int at) {
    int end = at;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    Bytes rest = new Bytes(Math.min(end - at, 1 << 13));
    cutter.feed(bytes, at, end, rest);
    event.write(rest);
    if (payload.size() <= HELD_BYTES) {
      payload.write(rest);
    }
    return end;
  }

  private int other(byte[] bytes, int at) {
    if (line == Line.START && bytes[at] == DATA[matched]) {
      if (++matched == DATA.length) {
        beginData();
      }
      return at + 1;
    }
    notData();
    event.write(bytes[at]);
    return at + 1;
  }

  private void beginData() {
    matched = 0;
    line = Line.DATA;
    if (!cutter.swallowing()) {
      event.write(DATA, 0, DATA.length);
    }
    if (++dataLines > 1 && cutter.inValue()) {
      cutter.feed(LINE_FEED, 0, 1, new Bytes(1));
    }
  }

  /** The line began like data and is something else. */
  private void notData() {
    event.write(DATA, 0, matched);
    matched = 0;
    line = Line.OTHER;
  }

  private void lineEnd(byte b, Bytes out) {
    boolean pair = b == '\n' && afterCarriageReturn;
    afterCarriageReturn = b == '\r';
    if (pair && !begun) {
      if (!dropped) {
        out.write(b);
      }
    } else if (pair) {
      endLine(b);
    } else {
      boolean blank = line == Line.START && matched == 0;
      if (line == Line.START) {
        notData();
      }
      endLine(b);
      line = Line.START;
      if (blank) {
        endEvent(out);
      }
    }
  }

  private void endLine(byte b) {
    if (!cutter.swallowing()) {
      event.write(b);
    }
  }

  /** What outgrows the bound goes on at once, and can be dropped no more. */
  private void spill(Bytes out) {
    if (event.size() > HELD_BYTES) {
      out.write(event);
      event.reset();
      spilt = true;
    }
  }

  private void endEvent(Bytes out) {
    boolean lessened = cutter.cutAnything();
    endDocument();
    dropped = lessened && !spilt && Hollow.is(payload.toByteArray());
    if (!dropped) {
      out.write(event);
    }
    event.reset();
    payload.reset();
    dataLines = 0;
    begun = false;
    spilt = false;
  }

  private void endDocument() {
    if (dataLines > 0) {
      cutter.end(event);
    }
  }
}
