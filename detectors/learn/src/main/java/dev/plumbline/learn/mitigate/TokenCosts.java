package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Divergence;
import dev.plumbline.learn.ability.Condition;
import dev.plumbline.learn.ability.Continuation;
import dev.plumbline.learn.ability.Likelihoods;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.TokenReading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What an intervention costs on given texts, token by token, in nats: how far the next-token
 * distribution moved, and how surprising the text became. Sums over the vocabulary, means over
 * tokens; a log-probability below {@link Divergence#FLOOR} counts as that.
 *
 * <p>Uses the decoder on the caller's thread, does not own it.
 */
final class TokenCosts {
  private static final int MOST_TOKENS = 4096;

  private final Decoder decoder;

  TokenCosts(Decoder decoder) {
    this.decoder = decoder;
  }

  /**
   * KL(plain ‖ edited) over each answer's tokens, both wearing the adapter; exactly 0 where the
   * plan does nothing.
   *
   * @param who named before the keys
   * @throws IllegalArgumentException naming the answer, where the model's logits are NaN
   */
  List<Measured> divergences(
      String who, List<Answer> answers, Optional<String> adapter, InterventionPlan plan) {
    double[] sums = new double[answers.size()];
    List<Integer> batch = new ArrayList<>();
    int longest = 0;
    for (int row : byLength(answers)) {
      longest = answers.get(row).tokens().length;
      if (!batch.isEmpty() && (batch.size() + 1) * longest > MOST_TOKENS) {
        read(answers, batch, adapter, plan, sums);
        batch.clear();
      }
      batch.add(row);
    }
    read(answers, batch, adapter, plan, sums);
    return IntStream.range(0, sums.length)
        .mapToObj(row -> measured(who, answers.get(row), row, sums[row]))
        .toList();
  }

  private static List<Integer> byLength(List<Answer> answers) {
    return IntStream.range(0, answers.size())
        .boxed()
        .sorted(Comparator.comparingInt(row -> answers.get(row).tokens().length))
        .toList();
  }

  private static Measured measured(String who, Answer answer, int row, double sum) {
    Check.that(
        !Double.isNaN(sum),
        "KL on the aligned answer to '" + answer.prompt() + "'",
        "a finite number",
        "NaN",
        "check the weights, or read in float32");
    return new Measured(answer.prompt(), who + "/" + row, sum, answer.length());
  }

  private void read(
      List<Answer> answers,
      List<Integer> batch,
      Optional<String> adapter,
      InterventionPlan plan,
      double[] sums) {
    int b = batch.size();
    int columns = answers.get(batch.get(b - 1)).tokens().length;
    long[][] tokens = new long[b][columns];
    LongStream.Builder index = LongStream.builder();
    for (int i = 0; i < b; i++) {
      Answer answer = answers.get(batch.get(i));
      long[] own = answer.tokens();
      System.arraycopy(own, 0, tokens[i], 0, own.length);
      for (int t = answer.start(); t < own.length; t++) {
        index.add((long) i * columns + t - 1);
      }
    }
    double[] nats = divergences(tokens, index.build().toArray(), adapter, plan);
    int at = 0;
    for (int row : batch) {
      for (int t = 0; t < answers.get(row).length(); t++) {
        sums[row] += nats[at++];
      }
    }
  }

  private double[] divergences(
      long[][] tokens, long[] index, Optional<String> adapter, InterventionPlan plan) {
    int b = tokens.length;
    try (TokenReading reading = decoder.read(tokens, index);
        Edits edits = plan.isEmpty() ? null : decoder.edits(Collections.nCopies(b, plan));
        AdapterBank.Worn worn =
            adapter.isEmpty() ? null : decoder.adapters().worn(Collections.nCopies(b, adapter))) {
      reading.refer(null, worn);
      return reading.divergences(edits, worn);
    }
  }

  /** −log p over each text's predicted tokens. */
  List<Measured> losses(
      String who, List<Continuation> texts, List<String> groups, Condition condition) {
    double[] likelihoods = new Likelihoods(decoder).of(texts, condition);
    List<Measured> losses = new ArrayList<>();
    for (int i = 0; i < likelihoods.length; i++) {
      int tokens = texts.get(i).length();
      double nats = Math.min(-likelihoods[i], -Divergence.FLOOR * tokens);
      losses.add(new Measured(groups.get(i), who + "/" + i, nats, tokens));
    }
    return losses;
  }
}
