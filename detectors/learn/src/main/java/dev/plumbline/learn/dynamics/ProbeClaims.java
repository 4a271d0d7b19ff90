package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.Estimate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the probes say of the paper's two claims about them. */
public final class ProbeClaims {
  private static final double HALF = 0.5;

  private ProbeClaims() {}

  /** {@code probe-early}. */
  public static ClaimFinding early(Trajectories series) {
    String claim = "probe-early";
    String rule =
        "of the final gain over the best surface baseline, the first fifth of the training reaches"
            + " 0.5 or more, median over the dimensions that end above it";
    CheckpointReading early = series.early();
    int[] some = series.decodable();
    if (early == null || some.length == 0) {
      String why = early == null ? "no checkpoint in the first fifth" : "no dimension is decodable";
      return ClaimFinding.unmeasured(claim, rule, why);
    }
    Estimate share = share(series, early, some);
    CheckpointReading first = series.readings().get(0);
    double control = first.step() == 0 ? share(series, first, some).value() : Double.NaN;
    String note =
        String.format(
            Locale.ROOT,
            "at step %d of %d; %s; control: the untrained model",
            early.step(),
            series.last().step(),
            names(series, some));
    return new ClaimFinding(claim, Optional.of(share), control, share.value() >= HALF, rule, note);
  }

  /** The layer is that which is best at the end, so that no maximum is taken over noise. */
  private static Estimate share(Trajectories series, CheckpointReading reading, int[] some) {
    int[] layers = Arrays.stream(some).map(k -> series.best(series.last(), k)).toArray();
    return series
        .bootstrap()
        .estimate(
            series.groups(),
            drawn -> {
              double[] shares = new double[some.length];
              for (int i = 0; i < shares.length; i++) {
                int[] own = drawn[some[i]];
                double from = series.baseline(some[i], own);
                double end = series.accuracy(series.last(), some[i], layers[i], own) - from;
                double then = series.accuracy(reading, some[i], layers[i], own) - from;
                shares[i] = end > 0 ? then / end : Double.NaN;
              }
              return median(shares);
            });
  }

  private static double median(double[] values) {
    double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** {@code probe-middle-layers}. */
  public static ClaimFinding middle(Trajectories series) {
    String claim = "probe-middle-layers";
    String rule =
        "in more than half of the dimensions that end above their baselines the best layer is"
            + " neither the first nor the last; equals share the place";
    int[] some = series.decodable();
    if (series.layers().size() < 3 || some.length == 0) {
      String why =
          some.length == 0 ? "no dimension is decodable" : "fewer than three layers were read";
      return ClaimFinding.unmeasured(claim, rule, why);
    }
    CheckpointReading last = series.last();
    Estimate share =
        series
            .bootstrap()
            .estimate(
                series.groups(),
                drawn ->
                    Arrays.stream(some)
                        .mapToDouble(k -> middleShare(series, last, k, drawn[k]))
                        .average()
                        .orElseThrow());
    String note =
        Arrays.stream(some)
            .mapToObj(k -> name(series, k) + " best at layer " + series.best(last, k))
            .collect(Collectors.joining(", "));
    double byChance = (series.layers().size() - 2.0) / series.layers().size();
    return new ClaimFinding(
        claim,
        Optional.of(share),
        byChance,
        share.value() > HALF,
        rule,
        note + "; control: the share of layers in between");
  }

  private static double middleShare(
      Trajectories series, CheckpointReading reading, int dimension, int[] drawn) {
    double[] accuracy =
        series.layers().stream()
            .mapToDouble(layer -> series.accuracy(reading, dimension, layer, drawn))
            .toArray();
    double best = Arrays.stream(accuracy).max().orElseThrow();
    double all = Arrays.stream(accuracy).filter(a -> a == best).count();
    double edges = (accuracy[0] == best ? 1 : 0) + (accuracy[accuracy.length - 1] == best ? 1 : 0);
    return (all - edges) / all;
  }

  private static String names(Trajectories series, int[] some) {
    return Arrays.stream(some).mapToObj(k -> name(series, k)).collect(Collectors.joining(", "));
  }

  private static String name(Trajectories series, int dimension) {
    return series.dimensions().get(dimension).dimension().name();
  }
}
