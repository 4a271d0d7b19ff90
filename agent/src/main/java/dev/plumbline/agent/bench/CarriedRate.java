package dev.plumbline.agent.bench;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Seeks the highest rate at which an agent still scores nearly every exchange: doubling, then
 * halving the gap.
 */
final class CarriedRate {
  private static final double LEAST_SHARE = 0.99;
  private static final int SETTLE_MILLIS = 6000;
  private static final int STEPS = 3;
  private static final double FIRST = 25;
  private static final double WARM = 100;
  private static final int WARM_TIMES = 6;
  private static final double MOST = 20_000;

  private final AgentProcess agent;
  private final Contender contender;
  private final AdminFigures figures;
  private final SteadyLoad steady;
  private final int seconds;

  CarriedRate(String name, AgentProcess agent, SteadyLoad steady, int seconds) {
    this.agent = agent;
    this.contender = agent.as(name);
    this.figures = new AdminFigures(agent.adminPort());
    this.steady = steady;
    this.seconds = seconds;
  }

  Optional<ProxyReport.Row> highest() throws IOException {
    for (int i = 0; i < WARM_TIMES; i++) {
      at(WARM);
    }
    Optional<ProxyReport.Row> best = Optional.empty();
    double good = 0;
    double bad = FIRST;
    while (bad < MOST) {
      ProxyReport.Row row = at(bad);
      if (!carried(row)) {
        break;
      }
      best = Optional.of(row);
      good = bad;
      bad *= 2;
    }
    for (int i = 0; i < STEPS && good > 0; i++) {
      double middle = (good + bad) / 2;
      ProxyReport.Row row = at(middle);
      if (carried(row)) {
        best = Optional.of(row);
        good = middle;
      } else {
        bad = middle;
      }
    }
    return best;
  }

  private static boolean carried(ProxyReport.Row row) {
    return row.scoredShare().orElse(0) >= LEAST_SHARE;
  }

  private ProxyReport.Row at(double rate) throws IOException {
    double verdicts = figures.sum("plumbline_exchanges_total", "");
    double unscored = figures.sum("plumbline_unscored_total", "");
    double tokens = figures.sum("plumbline_tokens_scored_total", "");
    double cpu = agent.stat().cpuSeconds();
    SteadyLoad.Seen seen = steady.run(contender, rate, seconds);
    settle(verdicts + seen.sent());
    double scored = seen.sent() - (figures.sum("plumbline_unscored_total", "") - unscored);
    double read = figures.sum("plumbline_tokens_scored_total", "") - tokens;
    return new ProxyReport.Row(
        rate,
        seen.p50Millis(),
        seen.p99Millis(),
        (agent.stat().cpuSeconds() - cpu) * 1000 / seen.sent(),
        OptionalDouble.of(scored / seen.sent()),
        OptionalDouble.of(read / seconds),
        Optional.of(figures.verdictLag(seen.sent())));
  }

  /** Waits until every exchange has its verdict. */
  private void settle(double wanted) throws IOException {
    long deadline = System.nanoTime() + SETTLE_MILLIS * 1_000_000L;
    while (System.nanoTime() < deadline && figures.sum("plumbline_exchanges_total", "") < wanted) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
