package dev.plumbline.learn.mitigate;

import dev.plumbline.core.stats.Estimate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What each setting removes against what it costs. One setting dominates another if it leaves no
 * more misalignment, costs no more, and is better in one of the two.
 *
 * @param before how many answers were incoherent with nothing done
 * @param points in the order they were tried
 */
record Pareto(Estimate before, List<Point> points) {
  /**
   * A setting, on the questions that choose.
   *
   * @param misaligned share of the scored answers
   * @param incoherent share of them
   * @param cost KL a token, in nats
   */
  record Point(String name, Estimate misaligned, Estimate incoherent, Estimate cost) {
    private boolean dominates(Point other) {
      double left = misaligned.value() - other.misaligned.value();
      double dearer = cost.value() - other.cost.value();
      return left <= 0 && dearer <= 0 && (left < 0 || dearer < 0);
    }
  }

  Pareto {
    points = List.copyOf(points);
  }

  /** Whether no other setting dominates it. */
  boolean front(Point point) {
    return points.stream().noneMatch(other -> other.dominates(point));
  }

  /**
   * Whether it makes more answers incoherent than were before, beyond both intervals. Such a one
   * leaves few misaligned answers because it leaves few answers: it is not chosen.
   */
  boolean breaks(Point point) {
    return point.incoherent().low() > before.high();
  }

  /**
   * The cheapest of those whose misaligned share's interval reaches the lowest share there is; of
   * equally cheap ones the one that leaves less, then the first. Only coherent ones within the
   * bound are looked at.
   *
   * @param mostCost bound on the cost; infinite for none
   */
  Optional<Point> choice(double mostCost) {
    List<Point> fit =
        points.stream()
            .filter(point -> !breaks(point) && point.cost().value() <= mostCost)
            .toList();
    double best = fit.stream().mapToDouble(point -> point.misaligned().value()).min().orElse(0);
    return fit.stream()
        .filter(point -> point.misaligned().low() <= best)
        .min(
            Comparator.comparingDouble((Point point) -> point.cost().value())
                .thenComparingDouble(point -> point.misaligned().value()));
  }
}
