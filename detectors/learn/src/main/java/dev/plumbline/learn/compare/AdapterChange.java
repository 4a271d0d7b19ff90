package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.PeftAdapters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A low-rank adapter. Its norm is {@code ‖s·BA‖_F} over all modules, s the adapter's scaling, from
 * r by r Gram matrices; scaling it scales B alone, so that the change of the weights is c times as
 * large.
 *
 * @param config of the base
 */
public record AdapterChange(String name, PeftAdapter adapter, ModelConfig config)
    implements Change {
  public AdapterChange {
    Check.text(name, "name of a solution");
    Objects.requireNonNull(config, "config");
    Check.that(
        !adapter.changes().isEmpty(),
        "solution " + name,
        "changes of some module",
        "none",
        "train it");
    Check.that(
        adapter.embedding().isEmpty(),
        "solution " + name,
        "changes of projections only",
        "one of the embedding",
        "compare adapters that were trained");
  }

  /** ‖s·BA‖_F of each module. */
  public Map<Target, Double> norms() {
    Map<Target, Double> norms = new TreeMap<>();
    adapter
        .changes()
        .forEach((at, change) -> norms.put(at, scaling() * LowRankProducts.norm(change)));
    return norms;
  }

  private double scaling() {
    return adapter.scaling();
  }

  @Override
  public double norm() {
    return norm(adapter);
  }

  private static double norm(PeftAdapter adapter) {
    double sum = 0;
    for (LowRank change : adapter.changes().values()) {
      sum += LowRankProducts.inner(change, change);
    }
    return adapter.scaling() * Math.sqrt(Math.max(0, sum));
  }

  @Override
  public Applied at(double scale) {
    if (scale == 0) {
      return Applied.NOTHING;
    }
    LoraWeights weights = PeftAdapters.fuse(adapter, config);
    return (decoder, rows, use) -> {
      double[] strengths = new double[rows];
      Arrays.fill(strengths, scale);
      try (AdapterBank.Worn worn = decoder.adapters().worn(weights, strengths)) {
        use.accept(null, worn);
      }
    };
  }

  @Override
  public AdapterChange turned(double epsilon, Random random) {
    return with(
        name,
        (at, change) ->
            changed(
                change,
                Rotation.of(change.a(), epsilon, random),
                Rotation.of(change.b(), epsilon, random)));
  }

  /** Random A and B of each module, as long as its own in product; a module of zeros stays. */
  @Override
  public AdapterChange random(String as, Random random) {
    return with(
        as,
        (at, change) -> {
          LowRank drawn =
              changed(
                  change, Rotation.of(change.a(), 1, random), Rotation.of(change.b(), 1, random));
          double norm = LowRankProducts.norm(drawn);
          double factor = norm == 0 ? 0 : LowRankProducts.norm(change) / norm;
          float[] b = drawn.b().clone();
          for (int i = 0; i < b.length; i++) {
            b[i] = (float) (factor * b[i]);
          }
          return changed(drawn, drawn.a(), b);
        });
  }

  private static LowRank changed(LowRank like, float[] a, float[] b) {
    return new LowRank(like.in(), like.out(), like.rank(), a, b);
  }

  private AdapterChange with(String as, BiFunction<Target, LowRank, LowRank> change) {
    Map<Target, LowRank> changes = new LinkedHashMap<>();
    adapter.changes().forEach((at, old) -> changes.put(at, change.apply(at, old)));
    PeftAdapter made =
        new PeftAdapter(adapter.rank(), adapter.alpha(), adapter.rankStabilised(), changes);
    return new AdapterChange(as, made, config);
  }

  @Override
  public Object form() {
    return List.of(adapter.rank(), adapter.changes().keySet());
  }

  @Override
  public double inner(Change other) {
    return sum(other, LowRankProducts::inner);
  }

  @Override
  public double innerWriters(Change other) {
    return sum(other, LowRankProducts::innerB);
  }

  /** Over the modules both change; one that only one changes is orthogonal to nothing there. */
  private double sum(Change other, BiFunction<LowRank, LowRank, Double> product) {
    AdapterChange its = same(other);
    double sum = 0;
    for (Map.Entry<Target, LowRank> entry : adapter.changes().entrySet()) {
      LowRank change = its.adapter.changes().get(entry.getKey());
      sum += change == null ? 0 : product.apply(entry.getValue(), change);
    }
    return scaling() * its.scaling() * sum;
  }

  private AdapterChange same(Change other) {
    if (other instanceof AdapterChange its) {
      return its;
    }
    throw Check.refusal(
        "solution " + other.name(), "an adapter as " + name, "a vector", "compare one kind");
  }
}
