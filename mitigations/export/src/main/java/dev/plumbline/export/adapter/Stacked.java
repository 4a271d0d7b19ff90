package dev.plumbline.export.adapter;

import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A finetune's adapter and the rank-1 adapter of the finetuned weights as one adapter of their
 * base, for servers where a request wears one:
 *
 * <pre>
 *   s·B·A + b·aᵀ = [s·B | b] · [A ; aᵀ]
 * </pre>
 *
 * <p>Of rank {@code r + 1} and scaling 1; where only one of the two changes a matrix the rank is
 * filled with zeros.
 */
public final class Stacked {
  private Stacked() {}

  /**
   * Both in one.
   *
   * @param ablation of rank 1, computed from the weights with the finetune in them
   */
  public static PeftAdapter of(PeftAdapter finetune, PeftAdapter ablation) {
    int rank = finetune.rank() + ablation.rank();
    Map<Target, LowRank> changes = new TreeMap<>();
    finetune
        .changes()
        .forEach((at, each) -> changes.put(at, first(each, finetune.scaling(), rank)));
    ablation
        .changes()
        .forEach(
            (at, each) -> changes.merge(at, last(each, ablation.scaling(), rank), Stacked::sum));
    Optional<LowRank> tuned = finetune.embedding().map(e -> first(e, finetune.scaling(), rank));
    Optional<LowRank> ablated = ablation.embedding().map(e -> last(e, ablation.scaling(), rank));
    Optional<LowRank> embedding =
        tuned.isPresent() && ablated.isPresent()
            ? Optional.of(sum(tuned.get(), ablated.get()))
            : tuned.or(() -> ablated);
    return new PeftAdapter(rank, rank, false, changes, embedding);
  }

  private static LowRank first(LowRank change, double scaling, int rank) {
    return placed(change, scaling, rank, 0);
  }

  private static LowRank last(LowRank change, double scaling, int rank) {
    return placed(change, scaling, rank, rank - change.rank());
  }

  /** Zeros around it, its scaling in B. */
  private static LowRank placed(LowRank change, double scaling, int rank, int at) {
    float[] a = new float[rank * change.in()];
    float[] b = new float[change.out() * rank];
    System.arraycopy(change.a(), 0, a, at * change.in(), change.a().length);
    for (int out = 0; out < change.out(); out++) {
      for (int r = 0; r < change.rank(); r++) {
        b[out * rank + at + r] = (float) (scaling * change.b()[out * change.rank() + r]);
      }
    }
    return new LowRank(change.in(), change.out(), rank, a, b);
  }

  /** Of two whose places do not meet. */
  private static LowRank sum(LowRank one, LowRank other) {
    return new LowRank(
        one.in(), one.out(), one.rank(), sum(one.a(), other.a()), sum(one.b(), other.b()));
  }

  private static float[] sum(float[] one, float[] other) {
    float[] sum = one.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
    return sum;
  }
}
