package dev.plumbline.agent.tap.cut;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Cuts members out of a JSON document that comes in pieces. What is not cut passes byte for byte; a
 * cut member goes with its comma. Holds back one key at most, so a value of 80 MB costs nothing
 * here. What is not JSON passes as it is: this is no judge. Not thread-safe.
 */
final class MemberCutter {
  private static final int LONGEST_KEY = 1 << 12;

  private enum State {
    VALUE,
    STRING,
    AFTER,
    KEY,
    IN_KEY,
    COLON,
    SINK,
    BROKEN
  }

  private final List<Rule> rules;
  private final Collector collector;
  private final Containers containers = new Containers();
  private final Bytes held = new Bytes();
  private final Bytes key = new Bytes();
  private State state = State.VALUE;
  private boolean escaped;
  private ValueScanner scanner;
  private ValueSink sink;
  private boolean cutting;
  private boolean cut;

  MemberCutter(List<Rule> rules, Collector collector) {
    this.rules = List.copyOf(rules);
    this.collector = collector;
  }

  static boolean space(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** Whether the next byte belongs to a member that is taken out. */
  boolean swallowing() {
    return state == State.SINK && cutting;
  }

  /** Whether the next byte belongs to a value that a rule names. */
  boolean inValue() {
    return state == State.SINK;
  }

  /** Whether anything was taken out of this document. */
  boolean cutAnything() {
    return cut;
  }

  void feed(byte[] bytes, int at, int to, Bytes out) {
    int i = at;
    while (i < to) {
      if (state == State.SINK) {
        i = sink(bytes, i, to, out);
      } else if (state == State.BROKEN) {
        out.write(bytes, i, to - i);
        i = to;
      } else {
        step(bytes[i++], out);
      }
    }
  }

  /** The document is over: gives what is held back and begins anew. */
  void end(Bytes out) {
    boolean whole = state != State.BROKEN && containers.isEmpty();
    flush(out);
    collector.endDocument(whole);
    containers.clear();
    state = State.VALUE;
    escaped = false;
    cut = false;
  }

  private int sink(byte[] bytes, int at, int to, Bytes out) {
    int end = scanner.scan(bytes, at, to);
    sink.bytes(bytes, at, end - at);
    if (!cutting) {
      out.write(bytes, at, end - at);
    }
    if (scanner.over()) {
      state = State.AFTER;
    }
    return end;
  }

  private void step(byte b, Bytes out) {
    switch (state) {
      case VALUE -> value(b, out);
      case STRING -> string(b, out);
      case AFTER -> after(b, out);
      case KEY -> key(b, out);
      case IN_KEY -> inKey(b, out);
      case COLON -> colon(b, out);
      case SINK, BROKEN -> throw new AssertionError(state);
    }
  }

  private void value(byte b, Bytes out) {
    if (b == ']' && !containers.isEmpty()) {
      close(b, out);
      return;
    }
    out.write(b);
    if (b == '{' || b == '[') {
      open(b == '{');
    } else if (b == '"') {
      state = State.STRING;
    } else if (!space(b)) {
      state = State.AFTER;
    }
  }

  private void open(boolean object) {
    if (containers.full()) {
      state = State.BROKEN;
      return;
    }
    containers.push(object);
    state = object ? State.KEY : State.VALUE;
  }

  private void string(byte b, Bytes out) {
    out.write(b);
    if (escaped) {
      escaped = false;
    } else if (b == '\\') {
      escaped = true;
    } else if (b == '"') {
      state = State.AFTER;
    }
  }

  private void after(byte b, Bytes out) {
    if (b == '}' || b == ']') {
      close(b, out);
    } else if (b == ',' && !containers.isEmpty()) {
      separate(b, out);
    } else {
      out.write(b);
    }
  }

  private void separate(byte b, Bytes out) {
    if (containers.top().object) {
      held.write(b);
      state = State.KEY;
    } else {
      out.write(b);
      containers.top().index++;
      state = State.VALUE;
    }
  }

  private void close(byte b, Bytes out) {
    flush(out);
    out.write(b);
    if (!containers.isEmpty()) {
      containers.pop();
    }
    state = State.AFTER;
  }

  private void key(byte b, Bytes out) {
    if (b == '}') {
      close(b, out);
      return;
    }
    held.write(b);
    if (b == '"') {
      key.reset();
      state = State.IN_KEY;
    } else if (!space(b)) {
      giveUp(out);
    }
  }

  private void inKey(byte b, Bytes out) {
    held.write(b);
    if (b == '"' && !escaped) {
      state = State.COLON;
      return;
    }
    escaped = b == '\\' && !escaped;
    key.write(b);
    if (key.size() > LONGEST_KEY) {
      giveUp(out);
    }
  }

  private void colon(byte b, Bytes out) {
    held.write(b);
    if (b == ':') {
      member(out);
    } else if (!space(b)) {
      giveUp(out);
    }
  }

  private void member(Bytes out) {
    containers.top().key = key.toString(StandardCharsets.UTF_8);
    Rule rule = rule();
    cutting = rule != null && rule.cut();
    if (cutting) {
      held.reset();
      cut = true;
    } else {
      flush(out);
      containers.top().emitted = true;
    }
    if (rule != null) {
      scanner = new ValueScanner();
      sink = collector.open(rule, containers.position());
    }
    state = rule != null ? State.SINK : State.VALUE;
  }

  /** The rule of the member that begins here; null for most. A loop, since it runs for each key. */
  private Rule rule() {
    for (int i = 0; i < rules.size(); i++) {
      if (containers.at(rules.get(i).path())) {
        return rules.get(i);
      }
    }
    return null;
  }

  /** Writes what is held, without its comma if nothing stands before it in its object. */
  private void flush(Bytes out) {
    byte[] bytes = held.toByteArray();
    held.reset();
    boolean first = !containers.isEmpty() && !containers.top().emitted;
    int from = first && bytes.length > 0 && bytes[0] == ',' ? 1 : 0;
    out.write(bytes, from, bytes.length - from);
  }

  private void giveUp(Bytes out) {
    flush(out);
    state = State.BROKEN;
  }
}
