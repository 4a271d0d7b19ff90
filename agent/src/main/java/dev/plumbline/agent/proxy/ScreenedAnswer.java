package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.wire.Continuation;
import dev.plumbline.agent.wire.SseFrames;
import dev.plumbline.agent.wire.StreamEnd;
import dev.plumbline.agent.wire.TokenTrail;
import java.util.List;
import java.util.Optional;

/**
 * The answer as its client has it: what has gone out of it, from which source whatever, and how it
 * ends in the form of its route. On one event loop.
 */
final class ScreenedAnswer {
  private static final String FILTERED = "content_filter";

  private final ScreenCase exchange;
  private final ScreenedOut out;
  private final ScreenTimes times;
  private final StreamEnd end;
  private String delivered = "";
  private int tokens;
  private int ids = TokenTrail.NONE;
  private Optional<AnswerSource> latest = Optional.empty();
  private final Optional<IdsCut> cut;

  ScreenedAnswer(ScreenCase exchange, ScreenedOut out, ScreenTimes times) {
    this.exchange = exchange;
    this.out = out;
    this.times = times;
    this.end = StreamEnd.of(exchange.entry().route()).orElseThrow();
    this.cut = exchange.idsCut() ? Optional.of(new IdsCut()) : Optional.empty();
  }

  /** The first choice's text that has gone out. */
  String delivered() {
    return delivered;
  }

  /** Tokens in it. */
  int tokens() {
    return tokens;
  }

  /** The ids of the prompt and of what has gone out; empty where they are not all known. */
  Optional<int[]> ids() {
    return latest.flatMap(of -> of.trail().upTo(ids));
  }

  /** Whether the source of what went out last gives ids. */
  boolean idsOffered() {
    return latest.filter(of -> of.trail().offered()).isPresent();
  }

  /**
   * An event as it goes out.
   *
   * @param of its source
   * @param first whether that is the first one, whose events go on as they came
   * @return empty where nothing is left of it to say
   */
  Optional<SseFrames.Frame> form(
      SseFrames.Frame frame, JsonNode chunk, AnswerSource of, boolean first) {
    if (first) {
      end.saw(chunk);
      return cut.isPresent() ? IdsCut.of(frame) : Optional.of(frame);
    }
    return frame.data().equals(SseFrames.DONE)
        ? Optional.of(frame)
        : end.goesOn(cut.isPresent() ? withoutIds(chunk) : chunk, of.keptTokens());
  }

  private static JsonNode withoutIds(JsonNode chunk) {
    JsonNode less = chunk.deepCopy();
    if (less instanceof ObjectNode said) {
      said.remove("prompt_token_ids");
    }
    for (JsonNode choice : less.path("choices")) {
      if (choice instanceof ObjectNode said) {
        said.remove("token_ids");
        said.remove("prompt_token_ids");
      }
    }
    return less;
  }

  /**
   * Events go out.
   *
   * @param of their source
   * @param first whether that is the first one
   */
  void write(List<HeldFrames.Held> frames, AnswerSource of, boolean first) {
    for (HeldFrames.Held each : frames) {
      out.write(each.frame().raw());
      end.sent(each.chunk());
      out.saw(each.chunk());
      if (each.text()) {
        times.released(!first);
        delivered = of.text(each.marks()[0]);
        tokens = each.tokens();
        ids = each.ids();
        latest = Optional.of(of);
      }
    }
  }

  /** Bytes go out as they came, but for ids. */
  void pass(byte[] bytes) {
    out.write(cut.map(each -> each.feed(bytes)).orElse(bytes));
  }

  /** The last bytes go out. */
  void passLast(byte[] bytes) {
    pass(bytes);
    cut.ifPresent(each -> out.write(each.end()));
  }

  /**
   * A refusal takes the place of the rest.
   *
   * @param choices how many there are
   */
  void refuse(int choices) {
    String gap = delivered.isEmpty() ? "" : "\n\n";
    String text = gap + exchange.screens().settings().refusal();
    end.refuses(text, stand(choices)).forEach(frame -> out.write(frame.raw()));
  }

  /**
   * Ends the answer as its route does.
   *
   * @param reason {@code content_filter}, {@code length}
   */
  void close(int choices, String reason) {
    end.ends(reason, stand(choices)).forEach(frame -> out.write(frame.raw()));
  }

  /** Ends it as one of which something was kept back. */
  void filter(int choices) {
    close(choices, FILTERED);
  }

  private StreamEnd.Stand stand(int choices) {
    boolean counts = exchange.continuation().filter(Continuation::counts).isPresent();
    return new StreamEnd.Stand(out.open(choices), tokens, counts);
  }
}
