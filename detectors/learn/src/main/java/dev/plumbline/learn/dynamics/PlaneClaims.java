package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.dynamics.CheckpointReading.Plane;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What the information plane says of the paper's two claims about it. All values are relative to
 * their ceilings, layers averaged but the first block's; intervals draw whole dimensions.
 */
public final class PlaneClaims {
  private static final ToDoubleFunction<Plane> INPUT = p -> p.withInput() / p.inputCeiling();
  private static final ToDoubleFunction<Plane> INPUT_NULL = p -> p.inputChance() / p.inputCeiling();
  private static final ToDoubleFunction<Plane> LABEL = p -> p.withLabel() / p.labelCeiling();
  private static final ToDoubleFunction<Plane> LABEL_NULL =
      p -> p.labelNullHigh() / p.labelCeiling();

  private PlaneClaims() {}

  /** {@code mi-fit-compress}. */
  public static ClaimFinding fitCompress(Trajectories series) {
    String claim = "mi-fit-compress";
    String rule =
        "I(T;X) peaks at neither the first nor the last trained checkpoint, and its fall from the"
            + " peak to the end exceeds the null, with an interval over dimensions above 0";
    if (unfit(series)) {
      return ClaimFinding.unmeasured(claim, rule, "fewer than three checkpoints or two layers");
    }
    List<CheckpointReading> trained = series.trained();
    int[] all = all(series);
    int peak = peak(series, all);
    double nothing = series.plane(series.last(), all, INPUT_NULL);
    Estimate fall = over(series, some -> at(series, peak, some) - at(series, last(series), some));
    String note =
        String.format(
            Locale.ROOT,
            "peak %.3f at step %d, first %.3f at step %d, last %.3f; %d of %d dimensions peak inside"
                + " and fall by more; control: mean over permuted rows",
            at(series, peak, all),
            trained.get(peak).step(),
            at(series, 0, all),
            trained.get(0).step(),
            at(series, last(series), all),
            Arrays.stream(all).filter(k -> compresses(series, new int[] {k})).count(),
            all.length);
    boolean inside = peak > 0 && peak < last(series);
    boolean agrees = inside && fall.value() > nothing && fall.low() > 0;
    return new ClaimFinding(claim, Optional.of(fall), nothing, agrees, rule, note);
  }

  private static boolean compresses(Trajectories series, int[] some) {
    int peak = peak(series, some);
    double fall = at(series, peak, some) - at(series, last(series), some);
    return peak > 0 && fall > series.plane(series.last(), some, INPUT_NULL);
  }

  private static boolean unfit(Trajectories series) {
    return series.trained().size() < 3 || series.layers().stream().allMatch(layer -> layer == 0);
  }

  private static int[] all(Trajectories series) {
    return IntStream.range(0, series.dimensions().size()).toArray();
  }

  private static int last(Trajectories series) {
    return series.trained().size() - 1;
  }

  private static double at(Trajectories series, int checkpoint, int[] some) {
    return series.plane(series.trained().get(checkpoint), some, INPUT);
  }

  private static int peak(Trajectories series, int[] some) {
    return IntStream.range(0, series.trained().size())
        .reduce((a, b) -> at(series, b, some) > at(series, a, some) ? b : a)
        .orElseThrow();
  }

  /** Dimensions are few: an interval over them is rough, and wide where they differ. */
  private static Estimate over(Trajectories series, ToDoubleFunction<int[]> figure) {
    int count = series.dimensions().size();
    return count < 2
        ? Estimate.of(figure.applyAsDouble(all(series)), 1)
        : series.bootstrap().estimate(count, drawn -> figure.applyAsDouble(listed(drawn)));
  }

  private static int[] listed(int[] drawn) {
    return IntStream.range(0, drawn.length)
        .flatMap(k -> IntStream.generate(() -> k).limit(drawn[k]))
        .toArray();
  }

  /** {@code mi-label-rises}. */
  public static ClaimFinding labelRises(Trajectories series) {
    String claim = "mi-label-rises";
    String rule =
        "I(T;Y) rises from the first trained checkpoint to the last by more than the null's 95th"
            + " percentile, in more than half of the dimensions";
    if (unfit(series)) {
      return ClaimFinding.unmeasured(claim, rule, "fewer than three checkpoints or two layers");
    }
    CheckpointReading first = series.trained().get(0);
    int[] all = all(series);
    ToDoubleFunction<int[]> rise =
        some -> series.plane(series.last(), some, LABEL) - series.plane(first, some, LABEL);
    int[] rising =
        Arrays.stream(all)
            .filter(
                k ->
                    rise.applyAsDouble(new int[] {k})
                        > series.plane(series.last(), new int[] {k}, LABEL_NULL))
            .toArray();
    String note =
        String.format(
            Locale.ROOT,
            "%d of %d dimensions rise; mean %.3f at step %d, highest %.3f, last %.3f; control: 95th"
                + " percentile of permuted labels",
            rising.length,
            all.length,
            series.plane(first, all, LABEL),
            first.step(),
            series.trained().stream().mapToDouble(r -> series.plane(r, all, LABEL)).max().orElse(0),
            series.plane(series.last(), all, LABEL));
    return new ClaimFinding(
        claim,
        Optional.of(over(series, rise)),
        series.plane(series.last(), all, LABEL_NULL),
        2 * rising.length > all.length,
        rule,
        note);
  }
}
