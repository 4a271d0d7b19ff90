package dev.plumbline.learn.chat;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.core.stats.MeanAccumulator;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.Pass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** The cost of each plan on some texts, by the plan's name; of an empty one, KL 0. */
  Map<String, Cost> of(Map<String, InterventionPlan> plans, List<Text> texts) {
    Map<String, Sums> sums = new LinkedHashMap<>();
    plans.keySet().forEach(name -> sums.put(name, new Sums()));
    for (Text text : texts) {
      float[] plain = logits(text, InterventionPlan.none());
      plans.forEach(
          (name, plan) ->
              sums.get(name).add(text, plain, plan.isEmpty() ? plain : logits(text, plan)));
    }
    Map<String, Cost> costs = new LinkedHashMap<>();
    sums.forEach((name, sum) -> costs.put(name, sum.cost()));
    return costs;
  }

  private float[] logits(Text text, InterventionPlan plan) {
    long[][] batch = {text.tokens()};
    try (Edits edits = decoder.edits(List.of(plan));
        Pass pass = decoder.forward(batch, null, null, edits, null, Decoder.Logits.ALL)) {
      return pass.logitsToHost();
    }
  }

  /** Over all tokens that count. */
  private final class Sums {
    private final MeanAccumulator divergence = new MeanAccumulator(1);
    private final MeanAccumulator surprise = new MeanAccumulator(1);

    void add(Text text, float[] plain, float[] edited) {
      int v = decoder.vocabulary();
      for (int t = text.from(); t < text.tokens().length; t++) {
        int at = (t - 1) * v;
        double plainNorm = logSumExp(plain, at, v);
        double editedNorm = plain == edited ? plainNorm : logSumExp(edited, at, v);
        divergence.add(plain == edited ? 0 : kl(plain, plainNorm, edited, editedNorm, at, v));
        surprise.add(editedNorm - edited[at + (int) text.tokens()[t]]);
      }
    }

    Cost cost() {
      double mean = divergence.mean()[0];
      double half = 1.96 * divergence.standardDeviation()[0] / Math.sqrt(divergence.count());
      return new Cost(
          Estimate.of(mean, new Interval(mean - half, mean + half, 0.95), divergence.count()),
          Math.exp(surprise.mean()[0]));
    }
  }

  /** Σ p (log p − log q); finite for finite logits, since p is 0 only where exp underflows. */
  private static double kl(float[] p, double pn, float[] q, double qn, int at, int v) {
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
