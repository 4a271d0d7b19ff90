package dev.plumbline.agent.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one contender costs against another, in rounds: each measures both twice, by turns, and the
 * order turns from round to round, so that what the machine does meanwhile meets both alike, and
 * both were asked equally often (a JVM gets cheaper with each request). The other against itself is
 * the floor: what of a difference is the machine's.
 */
final class PairedCost {
  /** One run of a contender. */
  @FunctionalInterface
  interface Run {
    Wrk.Load of(Contender contender) throws IOException;
  }

  /**
   * Medians over rounds.
   *
   * @param rounds measured
   * @param cpu processor time a request, the contender's over the other's
   * @param cpuFloor the same of the other over itself
   * @param rate requests a second, the contender's over the other's
   * @param rateFloor the same of the other over itself
   */
  record Cost(int rounds, double cpu, double cpuFloor, double rate, double rateFloor) {}

  /** The runs of one round, by turns. */
  private record Round(Wrk.Load base, Wrk.Load with, Wrk.Load baseAgain, Wrk.Load withAgain) {
    double ratio(ToDoubleFunction<Wrk.Load> figure) {
      return (figure.applyAsDouble(with) + figure.applyAsDouble(withAgain))
          / (figure.applyAsDouble(base) + figure.applyAsDouble(baseAgain));
    }

    double floor(ToDoubleFunction<Wrk.Load> figure) {
      return figure.applyAsDouble(baseAgain) / figure.applyAsDouble(base);
    }
  }

  private final Run run;

  PairedCost(Run run) {
    this.run = run;
  }

  Cost of(Contender base, Contender with, int rounds) throws IOException {
    List<Round> all = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      all.add(round(List.of(base, with, base, with), i));
    }
    return new Cost(
        rounds,
        median(all, round -> round.ratio(Wrk.Load::cpuMillisPerRequest)),
        median(all, round -> round.floor(Wrk.Load::cpuMillisPerRequest)),
        median(all, round -> round.ratio(Wrk.Load::perSecond)),
        median(all, round -> round.floor(Wrk.Load::perSecond)));
  }

  private Round round(List<Contender> four, int turn) throws IOException {
    List<Wrk.Load> loads = new ArrayList<>(Collections.nCopies(four.size(), null));
    for (int i = 0; i < four.size(); i++) {
      int next = (i + turn) % four.size();
      loads.set(next, run.of(four.get(next)));
    }
    return new Round(loads.get(0), loads.get(1), loads.get(2), loads.get(3));
  }

  /** The middle one; of an even number the mean of the two. */
  private static double median(List<Round> all, ToDoubleFunction<Round> figure) {
    double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
