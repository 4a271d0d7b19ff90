package dev.plumbline.agent.tap.sglang;

import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.cut.JsonFilter;
import dev.plumbline.agent.tap.cut.SseFilter;
import dev.plumbline.agent.tap.states.ChoiceStates;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.StateRows;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** One exchange whose states come in SGLang's answer. */
final class SglangExchange implements StatesExchange {

  private final byte[] body;
  private final SglangAnswer answer;
  private final boolean all;
  private final int choices;

  /**
   * @param all every token's state is given, rather than the last one's
   */
  SglangExchange(byte[] body, SglangAnswer answer, boolean all, int choices) {
    this.body = body;
    this.answer = answer;
    this.all = all;
    this.choices = choices;
  }

  @Override
  public byte[] body() {
    return body.clone();
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("accept-encoding", "identity");
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
    List<ChoiceStates> found = new ArrayList<>();
    for (Map.Entry<Integer, RowTexts> entry : answer.rows().entrySet()) {
      RowTexts rows = entry.getValue();
      if (rows.overflown()) {
        return new Found.Missing(
            UnscoredReason.TOO_LONG, "wanted hidden states within the bound, found more");
      }
      int sampled = answer.completionTokens(entry.getKey());
      if (all && rows.size() != Math.max(0, sampled - 1)) {
        return Found.tapError(
            "wanted a decode state for each of "
                + sampled
                + " tokens but the last, found "
                + rows.size());
      }
      try {
        add(found, entry.getKey(), rows);
      } catch (IllegalArgumentException e) {
        return Found.tapError("wanted vectors of numbers of one width, found others");
      }
    }
    return found.isEmpty()
        ? Found.noStates(
            "wanted hidden_states, found none; start SGLang with --enable-return-hidden-states")
        : new Found.States(found, choices);
  }

  private void add(List<ChoiceStates> found, int choice, RowTexts rows) {
    if (rows.size() == 0) {
      return;
    }
    StateRows states = StateRows.ofFloats(TapPoint.FINAL_NORM, rows.vectors());
    boolean whole = all || (choices == 1 && answer.completionTokens(0) == rows.size() + 1);
    found.add(new ChoiceStates(choice, states, rows.hasPrompt() ? 1 : 0, whole));
  }
}
