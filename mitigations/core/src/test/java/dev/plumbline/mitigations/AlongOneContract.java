package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The laws of what acts along one direction: the projection it is defined to leave. */
abstract class AlongOneContract extends InterventionContract {

  /** The projection the intervention is defined to leave, written out by hand. */
  abstract double expected(Intervention intervention, double p);

  @Override
  double[] byHand(Intervention intervention, double[] h) {
    double[] d = ((AlongOne) intervention).direction().exact();
    double p = 0;
    for (int i = 0; i < D; i++) {
      p += h[i] * d[i];
    }
    return sum(h, d, expected(intervention, p) - p);
  }

  @Test
  void apply_anyState_leavesTheDefinedProjection() {
    forEach(
        (intervention, h) -> {
          double p = ((AlongOne) intervention).direction().dot(h);
          double after = ((AlongOne) intervention).direction().dot(intervention.apply(h));
          assertThat(after).isCloseTo(expected(intervention, p), within(tolerance(h, after)));
        });
  }
}
