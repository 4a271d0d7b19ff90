package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Log-likelihoods of continuations: {@code Σ log p(token | all before it)}, in nats, in double.
 * Texts of like length go through together, padded on the right.
 *
 * <p>Uses the decoder on the caller's thread, does not own it.
 */
public final class Likelihoods {
  private static final int MOST_TOKENS = 4096;

  private final Decoder decoder;

  public Likelihoods(Decoder decoder) {
    this.decoder = decoder;
  }

  /** One sum each, in their order; −∞ where a token has no probability. */
  public double[] of(List<Continuation> texts, Condition condition) {
    double[] sums = new double[texts.size()];
    List<Integer> order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> texts.get(i).tokens().length))
            .toList();
    List<Integer> batch = new ArrayList<>();
    for (int i : order) {
      int length = texts.get(i).tokens().length;
      requireRoom(length);
      if (!batch.isEmpty() && (batch.size() + 1) * length > MOST_TOKENS) {
        read(texts, batch, condition, sums);
        batch.clear();
      }
      batch.add(i);
    }
    if (!batch.isEmpty()) {
      read(texts, batch, condition, sums);
    }
    return sums;
  }

  private void requireRoom(int length) {
    Check.that(
        length <= decoder.positions(),
        "text of an item",
        "at most " + decoder.positions() + " tokens",
        length,
        "give fewer shots or leave the item out");
  }

  private void read(
      List<Continuation> texts, List<Integer> batch, Condition condition, double[] sums) {
    int columns = texts.get(batch.get(batch.size() - 1)).tokens().length;
    long[][] tokens = new long[batch.size()][columns];
    LongStream.Builder index = LongStream.builder();
    LongStream.Builder target = LongStream.builder();
    for (int row = 0; row < tokens.length; row++) {
      Continuation text = texts.get(batch.get(row));
      System.arraycopy(text.tokens(), 0, tokens[row], 0, text.tokens().length);
      for (int t = text.start(); t < text.tokens().length; t++) {
        index.add((long) row * columns + t - 1);
        target.add(text.tokens()[t]);
      }
    }
    double[] losses = losses(tokens, index.build().toArray(), target.build().toArray(), condition);
    int at = 0;
    for (int i : batch) {
      for (int t = 0; t < texts.get(i).length(); t++) {
        sums[i] -= losses[at++];
      }
      Check.that(
          !Double.isNaN(sums[i]),
          "log-likelihood of text "
              + (i + 1)
              + " of "
              + texts.size()
              + " under "
              + condition.name(),
          "a finite number",
          "NaN",
          "check the weights, or read in float32");
    }
  }

  private double[] losses(long[][] tokens, long[] index, long[] target, Condition condition) {
    int b = tokens.length;
    try (Edits edits =
            condition.plan().isEmpty()
                ? null
                : decoder.edits(Collections.nCopies(b, condition.plan()));
        AdapterBank.Worn worn =
            condition.adapter().isEmpty()
                ? null
                : decoder.adapters().worn(Collections.nCopies(b, condition.adapter()))) {
      return decoder.tokenLosses(tokens, index, target, edits, worn);
    }
  }
}
