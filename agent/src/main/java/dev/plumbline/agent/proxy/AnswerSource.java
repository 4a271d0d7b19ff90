package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.TextsSoFar;
import dev.plumbline.agent.wire.ChatForm;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.SseFrames;
import dev.plumbline.agent.wire.TokenTrail;
import dev.plumbline.agent.wire.dialect.Answer;
import dev.plumbline.agent.wire.dialect.AnswerStream;
import dev.plumbline.agent.wire.dialect.Call;
import dev.plumbline.core.score.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One stream an answer comes from: the origin's, or one that continues it. Knows the answer's text
 * with what was kept of earlier ones, and has it read. On one event loop.
 */
final class AnswerSource {
  private final SseFrames frames;
  private final AnswerStream answer;
  private final TokenTrail trail;
  private final boolean completions;
  private final Following following;
  private final TextsSoFar fed;
  private final Call call;
  private final String kept;
  private final int keptTokens;
  private List<String> texts;
  private int tokens;
  private final int bound;
  private boolean done;

  /**
   * @param following reads it; of this source alone
   * @param kept the answer's beginning, from earlier sources
   * @param keptTokens in it
   * @param completions its events are those of completions, and wanted as a chat's
   * @param bound of an event in bytes, and of all texts in UTF-16 units: see {@link #tooLong}
   */
  AnswerSource(
      Call call, Following following, String kept, int keptTokens, boolean completions, int bound) {
    this.call = call;
    this.frames = new SseFrames(bound);
    this.answer = call.stream(bound);
    this.trail = new TokenTrail(Math.max(1, bound / Integer.BYTES));
    this.completions = completions;
    this.following = following;
    this.bound = bound;
    this.fed = new TextsSoFar(following);
    this.kept = kept;
    this.keptTokens = keptTokens;
    this.tokens = keptTokens;
    this.texts = kept.isEmpty() ? List.of() : List.of(kept);
    fed.are(texts);
  }

  Following following() {
    return following;
  }

  /** The events that some bytes finish. */
  List<SseFrames.Frame> frames(byte[] bytes) {
    return formed(frames.feed(bytes));
  }

  /** The stream has ended: the event that nothing but a line feed could still belong to. */
  List<SseFrames.Frame> lastFrames() {
    return formed(frames.end());
  }

  private List<SseFrames.Frame> formed(List<SseFrames.Frame> events) {
    return completions ? events.stream().map(ChatForm::of).toList() : events;
  }

  /** The ids its server gave. */
  TokenTrail trail() {
    return trail;
  }

  /** Whether an event was over the bound: it and all that follows is {@link #takeRest}. */
  boolean cut() {
    return frames.cut();
  }

  /** Takes out bytes that finish no event. */
  byte[] takeRest() {
    return frames.takeRest();
  }

  /** Whether there is more than is read; nothing is then made of what comes. */
  boolean tooLong() {
    return frames.cut() || length() > bound;
  }

  /** Whether {@code [DONE]} has come. */
  boolean done() {
    return done;
  }

  /** The JSON of an event. */
  static JsonNode chunk(SseFrames.Frame frame) {
    return frame.data().isEmpty()
        ? MissingNode.getInstance()
        : Json.look(frame.data()).orElse(MissingNode.getInstance());
  }

  /**
   * Takes an event in.
   *
   * @param frame as this source gave it
   * @param chunk its JSON
   * @param out as it goes out
   */
  HeldFrames.Held take(SseFrames.Frame frame, JsonNode chunk, SseFrames.Frame out) {
    done |= frame.data().equals(SseFrames.DONE);
    if (tooLong()) {
      return new HeldFrames.Held(out, chunk, marks(), tokens, TokenTrail.NONE, false, false);
    }
    int before = length();
    answer.feed(frame.raw());
    answer.soFar().ifPresent(this::say);
    boolean text = length() > before;
    count(chunk, text);
    trail.take(chunk, text);
    fed.are(texts);
    return new HeldFrames.Held(out, chunk, marks(), tokens, trail.mark(), text, seam());
  }

  private void say(Answer said) {
    List<String> all = new ArrayList<>(said.texts());
    all.set(0, kept + all.get(0));
    texts = all;
  }

  private int length() {
    return texts.stream().mapToInt(String::length).sum();
  }

  /** As the server counts them, or by the ids it gives; else an event with text is one token. */
  private void count(JsonNode chunk, boolean text) {
    JsonNode counted = chunk.path("usage").path("completion_tokens");
    JsonNode ids = chunk.path("choices").path(0).path("token_ids");
    if (counted.isInt() && counted.intValue() > 0) {
      tokens = Math.max(tokens, keptTokens + counted.intValue());
    } else if (ids.isArray()) {
      tokens += ids.size();
    } else if (text) {
      tokens++;
    }
  }

  private int[] marks() {
    return texts.stream().mapToInt(String::length).toArray();
  }

  private boolean seam() {
    for (String text : texts) {
      if (!text.isEmpty()) {
        char last = text.charAt(text.length() - 1);
        if (Character.isWhitespace(last) || Character.isHighSurrogate(last)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The first choice's text up to a mark. */
  String text(int units) {
    return texts.isEmpty() ? "" : texts.get(0).substring(0, units);
  }

  /** What was kept of earlier sources. */
  String kept() {
    return kept;
  }

  int keptTokens() {
    return keptTokens;
  }

  /** Choices there are, at least one. */
  int choices() {
    return Math.max(1, texts.size());
  }

  int tokens() {
    return tokens;
  }

  /** Whether there is more than the text of one choice. */
  boolean more() {
    return texts.size() > 1
        || answer.soFar().filter(said -> said.reasoning() || said.toolCalls()).isPresent();
  }

  /** Whether the stream has come to its proper end, without a part of an event behind it. */
  boolean ended() {
    boolean proper = tooLong() ? done : answer.end().isPresent();
    return proper && !frames.pending();
  }

  Optional<Answer> said() {
    return answer.soFar();
  }

  /** What there is to read, all of it; empty where nothing was said. */
  Optional<ExchangeText> exchange(String id, String model) {
    boolean silent = texts.stream().allMatch(String::isEmpty);
    return silent
        ? Optional.empty()
        : Optional.of(
            new ExchangeText(id, model, call.prompt().orElseThrow(), texts, Priority.ENFORCING));
  }
}
