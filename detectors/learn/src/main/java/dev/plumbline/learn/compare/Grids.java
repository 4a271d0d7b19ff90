package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import java.util.List;
import java.util.stream.IntStream;

/** The grids of the published measurements, and evenly spaced ones. */
public final class Grids {
  /** ε of the stability curve: 0.01, 0.05, then 0.1 to 1. */
  public static final List<Double> EPSILONS =
      List.of(0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0);

  /** Shares of the mean norm at which solutions are compared: 20 % to 200 %. */
  public static final List<Double> MATCHED =
      List.of(0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0);

  private Grids() {}

  /** 0, step, 2·step, … up to {@code last}, which is hit where it is a multiple. */
  public static List<Double> upTo(double last, double step) {
    Check.positive(step, "step of a grid");
    Check.that(
        last >= step && last / step < 1e4,
        "end of a grid",
        "1 to 10,000 steps",
        last,
        "correct it");
    int count = (int) Math.floor(last / step + 1e-9);
    return IntStream.rangeClosed(0, count).mapToObj(i -> i * step).toList();
  }

  /** Norms from 0 to twice the mean norm of trained solutions, which is one of them. */
  public static List<Double> aroundMean(List<Candidate> candidates) {
    double mean = Candidate.meanNorm(candidates);
    return upTo(2 * mean, mean / 12);
  }

  /** The scales of a solution: 0 to 2, by 0.1 for adapters, by 0.25 for vectors. */
  public static List<Double> scales(Change solution) {
    return upTo(2, solution instanceof VectorChange ? 0.25 : 0.1);
  }
}
