package dev.plumbline.agent.tap.vllm;

import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.cut.JsonFilter;
import dev.plumbline.agent.tap.cut.RawValue;
import dev.plumbline.agent.tap.cut.SseFilter;
import dev.plumbline.agent.tap.states.ChoiceStates;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.StateRows;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One exchange whose states come in the answer. The plugin gives them for one choice only. */
final class CaptureExchange implements StatesExchange {
  private static final Logger LOG = LoggerFactory.getLogger(CaptureExchange.class);

  private final VllmRequest request;
  private final List<TapPoint> points;
  private final int mostBytes;
  private final VllmAnswer answer;

  CaptureExchange(VllmRequest request, List<TapPoint> points, int mostBytes, boolean asked) {
    this.request = request;
    this.points = points;
    this.mostBytes = mostBytes;
    this.answer = new VllmAnswer("activations", !asked, request.cutIds(), mostBytes);
  }

  @Override
  public byte[] body() {
    return request.json().toBytes();
  }

  @Override
  public Map<String, String> headers() {
    return request.headers();
  }

  @Override
  public AnswerFilter filter(boolean stream) {
    return stream ? new SseFilter(answer.rules(), answer) : new JsonFilter(answer.rules(), answer);
  }

  @Override
  public CompletionStage<Found> find(BooleanSupplier abandoned) {
    return CompletableFuture.completedFuture(found());
  }

  @Override
  public void discard() {
    // The states are in memory, and go with this.
  }

  private Found found() {
    Optional<RawValue> member = answer.member();
    if (member.isEmpty()) {
      return Found.noStates("wanted activations in the answer, found none; is the plugin loaded?");
    }
    if (member.get().overflown()) {
      return new Found.Missing(
          UnscoredReason.TOO_LONG, "wanted activations within " + mostBytes + " bytes, found more");
    }
    try {
      return read(ResidualStream.parse(member.get().json()));
    } catch (BadStates e) {
      return missing(e.toMissing());
    } catch (IOException | RuntimeException e) {
      return missing(Found.tapError("activations could not be read: " + e.getClass().getName()));
    }
  }

  private static Found missing(Found missing) {
    LOG.debug("{}", missing);
    return missing;
  }

  private Found read(ResidualStream stream) throws IOException, BadStates {
    int prompt = answer.promptTokens();
    int sampled = answer.completionTokens();
    if (stream.points() != points.size()) {
      throw new BadStates(
          UnscoredReason.WRONG_MODEL,
          "activations",
          points.size() + " layers",
          stream.points(),
          "check that the plugin knows every layer asked for");
    }
    if (prompt < 0) {
      throw BadStates.broken("answer", "prompt_token_ids or usage", "neither");
    }
    boolean fits = request.choices() > 1 || sampled < 0 || stream.tokens() == prompt + sampled - 1;
    if (stream.tokens() < prompt || !fits) {
      throw BadStates.broken(
          "activations", prompt + " + " + sampled + " - 1 tokens", stream.tokens());
    }
    int from = Math.max(0, prompt - 1);
    StateRows rows = stream.rows(from, points, mostBytes);
    return new Found.States(
        List.of(new ChoiceStates(0, rows, prompt - from, true)), request.choices());
  }
}
