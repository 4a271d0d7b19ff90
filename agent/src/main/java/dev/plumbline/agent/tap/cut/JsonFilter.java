package dev.plumbline.agent.tap.cut;

import java.util.List;

/** Cuts members out of a body that is one JSON document. */
public final class JsonFilter implements AnswerFilter {
  private final MemberCutter cutter;

  public JsonFilter(List<Rule> rules, Collector collector) {
    this.cutter = new MemberCutter(rules, collector);
  }

  @Override
  public byte[] feed(byte[] bytes) {
    Bytes out = new Bytes(Math.min(bytes.length, 1 << 13));
    cutter.feed(bytes, 0, bytes.length, out);
    return out.toByteArray();
  }

  @Override
  public byte[] end() {
    Bytes out = new Bytes(0);
    cutter.end(out);
    return out.toByteArray();
  }
}
