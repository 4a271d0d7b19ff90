package dev.plumbline.learn.chat;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.core.stats.MeanAccumulator;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.Pass;
import java.util.List;

/**
 * Per-token KL and perplexity of texts under an intervention, in double over float32 logits. Uses
 * the decoder on its thread, does not own it.
 */
final class CostStudy {
  /**
   * A text.
   *
   * @param tokens {@code [T]}
   * @param from first token that counts, 1 or more: what is before it is context
   */
  record Text(long[] tokens, int from) {}

  private final Decoder decoder;

  CostStudy(Decoder decoder) {
    this.decoder = decoder;
  }

  /** The cost of a plan on some texts; of no plan, with KL 0. */
  Cost of(InterventionPlan plan, List<Text> texts) {
    MeanAccumulator divergence = new MeanAccumulator(1);
    MeanAccumulator surprise = new MeanAccumulator(1);
    for (Text text : texts) {
      add(text, logits(text, InterventionPlan.none()), logits(text, plan), divergence, surprise);
    }
    double mean = divergence.mean()[0];
    double half = 1.96 * divergence.standardDeviation()[0] / Math.sqrt(divergence.count());
    return new Cost(
        Estimate.of(mean, new Interval(mean - half, mean + half, 0.95), divergence.count()),
        Math.exp(surprise.mean()[0]));
  }

  private float[] logits(Text text, InterventionPlan plan) {
    long[][] batch = {text.tokens()};
    try (Edits edits = decoder.edits(List.of(plan));
        Pass pass = decoder.forward(batch, null, null, edits, null, Decoder.Logits.ALL)) {
      return pass.logitsToHost();
    }
  }

  private void add(
      Text text, float[] plain, float[] edited, MeanAccumulator kl, MeanAccumulator surprise) {
    int v = decoder.vocabulary();
    for (int t = text.from(); t < text.tokens().length; t++) {
      int at = (t - 1) * v;
      double plainNorm = logSumExp(plain, at, v);
      double editedNorm = logSumExp(edited, at, v);
      kl.add(divergence(plain, plainNorm, edited, editedNorm, at, v));
      surprise.add(editedNorm - edited[at + (int) text.tokens()[t]]);
    }
  }

  /** Σ p (log p − log q); finite for finite logits, since p is 0 only where exp underflows. */
  private static double divergence(float[] p, double pn, float[] q, double qn, int at, int v) {
    double sum = 0;
    for (int i = at; i < at + v; i++) {
      double log = p[i] - pn;
      sum += Math.exp(log) * (log - (q[i] - qn));
    }
    return Math.max(0, sum);
  }

  private static double logSumExp(float[] values, int at, int v) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + v; i++) {
      largest = Math.max(largest, values[i]);
    }
    double sum = 0;
    for (int i = at; i < at + v; i++) {
      sum += Math.exp(values[i] - largest);
    }
    return largest + Math.log(sum);
  }
}
