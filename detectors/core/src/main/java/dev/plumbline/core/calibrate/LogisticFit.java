package dev.plumbline.core.calibrate;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Sigmoid;

/**
 * Platt's calibration (1999): a and b of {@code σ(a·z + b)} by Newton's method with halved steps,
 * on his smoothed targets (n₊+1)/(n₊+2) and 1/(n₋+2), so that separable data give a finite slope.
 *
 * <p>The base rate of the data is part of b: a score is a probability only for traffic with the
 * same share of misaligned answers.
 */
public final class LogisticFit {

  private static final int MOST_STEPS = 200;

  private final double[] z;
  private final double[] target;

  private LogisticFit(double[] z, double[] target) {
    this.z = z;
    this.target = target;
  }

  /**
   * The fit.
   *
   * @param z standardised readouts {@code [N]}, finite; read, not kept
   * @param misaligned the judge's labels {@code [N]}, both outcomes
   */
  public static Sigmoid fit(double[] z, boolean[] misaligned) {
    Check.size(z.length, misaligned.length, "labels");
    int positives = 0;
    for (int i = 0; i < z.length; i++) {
      Check.finite(z[i], "z");
      positives += misaligned[i] ? 1 : 0;
    }
    int negatives = z.length - positives;
    Check.that(
        positives > 0 && negatives > 0,
        "calibration labels",
        "both outcomes",
        positives + " misaligned of " + z.length,
        "calibrate on answers of both kinds");
    return new LogisticFit(z, targets(misaligned, positives, negatives))
        .newton(Math.log((positives + 1.0) / (negatives + 1.0)));
  }

  private static double[] targets(boolean[] misaligned, int positives, int negatives) {
    double[] target = new double[misaligned.length];
    for (int i = 0; i < target.length; i++) {
      target[i] = misaligned[i] ? (positives + 1.0) / (positives + 2.0) : 1 / (negatives + 2.0);
    }
    return target;
  }

  private Sigmoid newton(double startB) {
    Sigmoid now = new Sigmoid(0, startB);
    double loss = loss(now);
    for (int i = 0; i < MOST_STEPS; i++) {
      Sigmoid next = halved(now, step(now), loss);
      double lower = loss(next);
      if (lower >= loss) {
        return now;
      }
      now = next;
      loss = lower;
    }
    return now;
  }

  /** H⁻¹g of the cross entropy, with a ridge that only matters where H is singular. */
  private double[] step(Sigmoid at) {
    double ga = 0;
    double gb = 0;
    double haa = 1e-12;
    double hab = 0;
    double hbb = 1e-12;
    for (int i = 0; i < z.length; i++) {
      double p = at.score(z[i]);
      double w = p * (1 - p);
      ga += (p - target[i]) * z[i];
      gb += p - target[i];
      haa += w * z[i] * z[i];
      hab += w * z[i];
      hbb += w;
    }
    double determinant = haa * hbb - hab * hab;
    if (!(determinant > 0)) {
      return new double[2];
    }
    return new double[] {(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant};
  }

  /** The full step, or the largest halving of it that lowers the loss, or no step. */
  private Sigmoid halved(Sigmoid from, double[] step, double loss) {
    for (double size = 1; size > 1e-10; size /= 2) {
      Sigmoid to = new Sigmoid(from.a() - size * step[0], from.b() - size * step[1]);
      if (loss(to) < loss) {
        return to;
      }
    }
    return from;
  }

  /** Σ ln(1 + eᶠ) − t·f with f = a·z + b, without overflow. */
  private double loss(Sigmoid at) {
    double sum = 0;
    for (int i = 0; i < z.length; i++) {
      double f = at.a() * z[i] + at.b();
      sum += Math.max(f, 0) + Math.log1p(Math.exp(-Math.abs(f))) - target[i] * f;
    }
    return sum;
  }
}
