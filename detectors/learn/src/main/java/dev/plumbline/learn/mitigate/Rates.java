package dev.plumbline.learn.mitigate;

import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.GroupBootstrap;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.core.stats.McNemar;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Figures of what was measured, Σ top / Σ bottom. Intervals are 95 % and draw whole groups; a
 * share's is the wider, on each side, of that and the exact one of Clopper and Pearson: drawing
 * again what was always 0 would have it 0 for certain.
 *
 * @param seed of the draws
 */
record Rates(long seed) {
  private static final double CONFIDENCE = 0.95;
  private static final int DRAWS = 2000;

  /**
   * A mean over what it is over; empty where nothing was measured, without interval for 1 group.
   */
  Optional<Estimate> mean(List<Measured> all) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Map<String, double[]> sums = sums(all);
    double[] top = column(sums.values(), 0);
    double[] bottom = column(sums.values(), 1);
    Estimate drawn =
        sums.size() < 2
            ? Estimate.of(top[0] / bottom[0], all.size())
            : new GroupBootstrap(DRAWS, CONFIDENCE, seed).ratio(top, bottom);
    return Optional.of(new Estimate(drawn.value(), drawn.interval(), all.size()));
  }

  /** A share of yes among yes and no. */
  Optional<Estimate> share(List<Measured> all) {
    return mean(all)
        .map(
            drawn -> {
              long yes = all.stream().filter(each -> each.top() > 0).count();
              Interval exact = Binomial.interval(yes, all.size(), CONFIDENCE);
              return Estimate.of(
                  drawn.value(),
                  new Interval(
                      Math.min(exact.low(), drawn.low()),
                      Math.max(exact.high(), drawn.high()),
                      CONFIDENCE),
                  all.size());
            });
  }

  /** {@code e^mean}: perplexity of nats a token. */
  Optional<Estimate> exponential(List<Measured> all) {
    return mean(all)
        .map(
            mean ->
                new Estimate(
                    Math.exp(mean.value()),
                    mean.interval()
                        .map(i -> new Interval(Math.exp(i.low()), Math.exp(i.high()), CONFIDENCE)),
                    mean.count()));
  }

  /** The mean of {@code to} less that of {@code from}, over draws of the groups that both have. */
  Optional<Estimate> change(List<Measured> from, List<Measured> to) {
    Map<String, double[]> before = sums(from);
    Map<String, double[]> after = sums(to);
    TreeSet<String> both = new TreeSet<>(before.keySet());
    both.retainAll(after.keySet());
    if (both.size() < 2) {
      return Optional.empty();
    }
    List<double[]> one = both.stream().map(before::get).toList();
    List<double[]> two = both.stream().map(after::get).toList();
    return Optional.of(
        new GroupBootstrap(DRAWS, CONFIDENCE, seed)
            .estimate(
                both.size(),
                drawn ->
                    GroupBootstrap.ratio(drawn, column(two, 0), column(two, 1))
                        - GroupBootstrap.ratio(drawn, column(one, 0), column(one, 1))));
  }

  /** How the same things changed, yes or no: from no to yes, from yes to no, McNemar's p. */
  static Turned turned(List<Measured> from, List<Measured> to) {
    Map<String, Measured> later =
        to.stream().collect(Collectors.toMap(Measured::key, Function.identity()));
    long gained = 0;
    long lost = 0;
    for (Measured each : from) {
      Measured other = later.get(each.key());
      gained += other != null && each.top() == 0 && other.top() > 0 ? 1 : 0;
      lost += other != null && each.top() > 0 && other.top() == 0 ? 1 : 0;
    }
    return new Turned(gained, lost, McNemar.exact(gained, lost));
  }

  /** Pairs that turned, and McNemar's exact p, as if things were independent. */
  record Turned(long gained, long lost, double p) {}

  private static Map<String, double[]> sums(List<Measured> all) {
    Map<String, double[]> sums = new TreeMap<>();
    for (Measured each : all) {
      double[] sum = sums.computeIfAbsent(each.group(), group -> new double[2]);
      sum[0] += each.top();
      sum[1] += each.bottom();
    }
    return new LinkedHashMap<>(sums);
  }

  private static double[] column(Collection<double[]> rows, int column) {
    return rows.stream().mapToDouble(row -> row[column]).toArray();
  }
}
