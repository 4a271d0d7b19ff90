package dev.plumbline.agent.proxy;

import dev.plumbline.agent.tap.cut.Collector;
import dev.plumbline.agent.tap.cut.Rule;
import dev.plumbline.agent.tap.cut.SseFilter;
import dev.plumbline.agent.tap.cut.ValueSink;
import dev.plumbline.agent.wire.SseFrames;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Takes token ids, which the agent asked for, out of a stream whose client did not; every other
 * byte stays, and an event that was sent for their sake alone goes. On one event loop.
 */
final class IdsCut {
  private static final List<Rule> IDS =
      List.of(
          Rule.cut("prompt_token_ids"),
          Rule.cut("choices.*.prompt_token_ids"),
          Rule.cut("choices.*.token_ids"));

  /** What is cut was read elsewhere, or is not wanted. */
  private static final Collector UNREAD =
      new Collector() {
        @Override
        public ValueSink open(Rule rule, int position) {
          return (from, at, length) -> {};
        }

        @Override
        public void endDocument(boolean whole) {}
      };

  private final SseFilter stream = new SseFilter(IDS, UNREAD);

  /** An event without ids; empty where it said nothing else. */
  static Optional<SseFrames.Frame> of(SseFrames.Frame frame) {
    SseFilter filter = new SseFilter(IDS, UNREAD);
    ByteArrayOutputStream out = new ByteArrayOutputStream(frame.raw().length);
    out.writeBytes(filter.feed(frame.raw()));
    out.writeBytes(filter.end());
    return out.size() == 0
        ? Optional.empty()
        : Optional.of(new SseFrames.Frame(out.toByteArray(), frame.data()));
  }

  /** The next bytes of a stream that is not taken apart. */
  byte[] feed(byte[] bytes) {
    return stream.feed(bytes);
  }

  /** The stream has ended: what was held back of it. */
  byte[] end() {
    return stream.end();
  }
}
