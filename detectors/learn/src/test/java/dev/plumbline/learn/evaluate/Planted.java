package dev.plumbline.learn.evaluate;

import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.WithinModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Judged answers with states whose truth is known: each prompt has its own place in {@code [D]}, so
 * that prompts can be told apart, and misaligned answers lie further along the first component.
 */
final class Planted {
  static final int D = 24;

  private final Random random;
  private final List<Answer> answers = new ArrayList<>();
  private final List<double[]> rows = new ArrayList<>();

  Planted(long seed) {
    random = new Random(seed);
  }

  /**
   * Adds answers of one model.
   *
   * @param rates share of misaligned answers of each prompt
   * @param signal how far misaligned answers lie along a component
   * @param place how far apart prompts lie
   */
  Planted add(
      String model, double[] rates, int perPrompt, double signal, double place, int component) {
    for (int p = 0; p < rates.length; p++) {
      Random ofPrompt = new Random(1000 + p);
      double[] at = new double[D];
      for (int i = 0; i < D; i++) {
        at[i] = place * ofPrompt.nextGaussian();
      }
      for (int n = 0; n < perPrompt; n++) {
        boolean misaligned = n < Math.round(rates[p] * perPrompt);
        double[] row = at.clone();
        for (int i = 0; i < D; i++) {
          row[i] += random.nextGaussian();
        }
        row[component] += misaligned ? signal : 0;
        answers.add(answer(model, p, misaligned));
        rows.add(row);
      }
    }
    return this;
  }

  private Answer answer(String model, int prompt, boolean misaligned) {
    long[] tokens = new long[3 + random.nextInt(6)];
    String text = "";
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = random.nextInt(40);
      text += " v" + tokens[i];
    }
    return new Answer(
        "p" + prompt,
        new long[] {prompt, 1},
        tokens,
        Optional.of(misaligned),
        "q" + prompt + " about t" + prompt,
        text.strip(),
        model);
  }

  static double[] rates(int prompts, IntToDoubleFunction rate) {
    return IntStream.range(0, prompts).mapToDouble(rate).toArray();
  }

  StateRows states() {
    return new StateRows(answers, rows.toArray(double[][]::new));
  }

  ControlTable controls() {
    Map<Reading, StateRows> states = new LinkedHashMap<>();
    states.put(Reading.ANSWER_MEAN, states());
    return ControlTable.of(states, validation());
  }

  static Validation validation() {
    return new Validation(5, List.of(1e-2, 1e-1), 7);
  }

  /** What a score along the planted component claims. */
  Claim claim() {
    double[] scores = rows.stream().mapToDouble(row -> row[0]).toArray();
    return new Claim(FoldFigures.across(answers, scores, 1), WithinModel.auroc(answers, scores, 1));
  }
}
