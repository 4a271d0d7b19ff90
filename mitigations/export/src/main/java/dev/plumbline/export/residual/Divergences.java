package dev.plumbline.export.residual;

/** Mean KL divergences of next-token distributions from logits, in nats, summed in double. */
final class Divergences {
  private final int vocabulary;
  private double export;
  private double bare;
  private long tokens;

  Divergences(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Adds a text's rows from {@code first} on; logits are {@code [T,V]}. */
  void add(float[] plan, float[] exported, float[] untouched, int first) {
    for (int t = first; t < plan.length / vocabulary; t++) {
      export += of(plan, exported, t * vocabulary);
      bare += of(plan, untouched, t * vocabulary);
      tokens++;
    }
  }

  double ofExport() {
    return tokens == 0 ? 0 : export / tokens;
  }

  double ofBare() {
    return tokens == 0 ? 0 : bare / tokens;
  }

  private double of(float[] p, float[] q, int from) {
    double logP = logSum(p, from);
    double logQ = logSum(q, from);
    double sum = 0;
    for (int i = from; i < from + vocabulary; i++) {
      double log = p[i] - logP;
      sum += Math.exp(log) * (log - (q[i] - logQ));
    }
    return Math.max(0, sum);
  }

  private double logSum(float[] logits, int from) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + vocabulary; i++) {
      largest = Math.max(largest, logits[i]);
    }
    double sum = 0;
    for (int i = from; i < from + vocabulary; i++) {
      sum += Math.exp(logits[i] - largest);
    }
    return largest + Math.log(sum);
  }
}
