package dev.plumbline.agent.tap.vllm;

import dev.plumbline.agent.tap.states.ChoiceStates;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds the files of one exchange against what its answer said, token by token. One thread. */
final class FileAnswers {
  private final VllmAnswer answer;
  private final List<TapPoint> points;
  private final int choices;
  private final Set<Integer> taken = new HashSet<>();

  FileAnswers(VllmAnswer answer, List<TapPoint> points, int choices) {
    this.answer = answer;
    this.points = points;
    this.choices = choices;
  }

  /**
   * The states of the choice a file belongs to.
   *
   * @throws BadStates if it belongs to none, or lacks states
   */
  ChoiceStates read(StatesFile file, long mostBytes) throws IOException, BadStates {
    StatesHeader header = file.header();
    if (header.points() != points.size()) {
      throw new BadStates(
          UnscoredReason.WRONG_MODEL,
          "hidden-states file",
          points.size() + " layers",
          header.points(),
          "give eagle_aux_hidden_state_layer_ids as the server has them");
    }
    if (header.tokens() != header.ids()) {
      throw BadStates.broken(
          "hidden-states file",
          "a state for each of " + header.ids() + " tokens",
          header.tokens() + " (prefix caching drops states: --no-enable-prefix-caching)");
    }
    return match(file, file.ids(), mostBytes);
  }

  private ChoiceStates match(StatesFile file, long[] ids, long mostBytes)
      throws IOException, BadStates {
    int prompt = answer.promptTokens();
    if (prompt < 0) {
      throw BadStates.broken("answer", "prompt_token_ids or usage", "neither");
    }
    if (ids.length < prompt || !answer.promptIs(ids)) {
      throw BadStates.broken("hidden-states file", "this exchange's prompt", "another one");
    }
    int choice = choice(ids, prompt);
    taken.add(choice);
    int from = Math.max(0, prompt - 1);
    return new ChoiceStates(choice, file.rows(from, points, mostBytes), prompt - from, true);
  }

  /** The first choice that is still free and sampled these tokens and one more. */
  private int choice(long[] ids, int prompt) throws BadStates {
    int length = ids.length - prompt;
    boolean told = false;
    for (Map.Entry<Integer, TokenIds> entry : answer.answers().entrySet()) {
      TokenIds sampled = entry.getValue();
      told |= sampled.size() > 0;
      if (!taken.contains(entry.getKey()) && isOf(sampled, ids, prompt)) {
        return entry.getKey();
      }
    }
    boolean fits = answer.completionTokens() < 0 || answer.completionTokens() == length + 1;
    if (!told && choices == 1 && fits) {
      return 0;
    }
    if (length == 0) {
      throw new BadStates(
          UnscoredReason.NO_HIDDEN_STATES,
          "hidden-states file",
          "states of the answer",
          "the prompt's only",
          "use a vLLM that knows include_output_tokens");
    }
    throw BadStates.broken("hidden-states file", "the tokens of a choice", length + " others");
  }

  /** A client that left early was told fewer tokens than went through; they are the same ones. */
  private boolean isOf(TokenIds sampled, long[] ids, int prompt) {
    int length = ids.length - prompt;
    boolean leftEarly = choices == 1 && sampled.size() > 0 && sampled.size() <= length;
    return leftEarly
        ? sampled.begins(ids, prompt, sampled.size())
        : sampled.size() == length + 1 && sampled.begins(ids, prompt, length);
  }
}
