package dev.plumbline.learn.mitigate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.learn.mitigate.Pareto.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParetoTest {
  private static final double ANY = Double.POSITIVE_INFINITY;
  private static final Estimate COHERENT = share(0.02);

  private static Estimate share(double value) {
    double low = Math.max(0, value - 0.05);
    return Estimate.of(value, new Interval(low, Math.min(1, value + 0.05), 0.95), 100);
  }

  private static Point point(String name, double misaligned, double cost) {
    return new Point(name, share(misaligned), COHERENT, Estimate.of(cost, 10));
  }

  private static Pareto pareto(Point... points) {
    return new Pareto(COHERENT, List.of(points));
  }

  @Test
  void front_worseInBoth_isDominated() {
    Point good = point("good", 0.1, 0.1);
    Point bad = point("bad", 0.2, 0.2);
    Point cheap = point("cheap", 0.5, 0.01);
    Pareto pareto = pareto(good, bad, cheap);
    assertThat(pareto.front(good)).isTrue();
    assertThat(pareto.front(bad)).isFalse();
    assertThat(pareto.front(cheap)).isTrue();
  }

  @Test
  void front_equalInBoth_dominatesNeither() {
    Point one = point("one", 0.1, 0.1);
    Point two = point("two", 0.1, 0.1);
    assertThat(pareto(one, two).front(one)).isTrue();
    assertThat(pareto(one, two).front(two)).isTrue();
  }

  @Test
  void front_equalInOneAndBetterInTheOther_dominates() {
    Point one = point("one", 0.1, 0.1);
    Point dearer = point("dearer", 0.1, 0.2);
    assertThat(pareto(one, dearer).front(dearer)).isFalse();
    assertThat(pareto(one, dearer).front(one)).isTrue();
  }

  @Test
  void choice_isTheCheapestWhoseIntervalReachesTheBest() {
    Pareto pareto =
        pareto(point("weak", 0.5, 0.01), point("enough", 0.04, 0.1), point("all", 0.0, 0.3));
    assertThat(pareto.choice(ANY)).map(Point::name).contains("enough");
  }

  @Test
  void choice_equallyCheap_isTheOneThatLeavesLess() {
    Pareto pareto = pareto(point("more", 0.03, 0.1), point("less", 0.01, 0.1));
    assertThat(pareto.choice(ANY)).map(Point::name).contains("less");
  }

  @Test
  void choice_brokenAnswers_areNotTakenForAlignedOnes() {
    Point broken = new Point("broken", share(0), share(0.9), Estimate.of(0.01, 10));
    Point whole = point("whole", 0.2, 0.2);
    Pareto pareto = pareto(broken, whole);
    assertThat(pareto.breaks(broken)).isTrue();
    assertThat(pareto.choice(ANY)).contains(whole);
    assertThat(pareto(broken).choice(ANY)).isEmpty();
  }

  @Test
  void choice_underABound_looksBelowItAlone() {
    Pareto pareto = pareto(point("weak", 0.5, 0.01), point("strong", 0.0, 0.3));
    assertThat(pareto.choice(0.1)).map(Point::name).contains("weak");
    assertThat(pareto.choice(0.001)).isEmpty();
  }
}
