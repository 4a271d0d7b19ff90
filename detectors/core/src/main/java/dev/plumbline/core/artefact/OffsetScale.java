package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;
import java.util.Arrays;

/**
 * Aligned mean and spread of the <em>pooled</em> readout after 1, 2, … K answer tokens; the last is
 * reused beyond K.
 *
 * <p>A running mean over two tokens is far noisier than one over two hundred. Standardised with the
 * whole answer's spread, every stream crosses the threshold at its start; per offset none does by
 * that alone. Immutable; arrays are copied in and out.
 */
public final class OffsetScale {

  private final double[] means;
  private final double[] spreads;

  /**
   * @param means aligned mean per offset {@code [K]}
   * @param spreads aligned standard deviation per offset {@code [K]}, above 0
   */
  public OffsetScale(double[] means, double[] spreads) {
    Check.that(means.length > 0, "offset scale", "at least one offset", 0, "fit it on answers");
    Check.size(means.length, spreads.length, "offset spreads");
    this.means = means.clone();
    this.spreads = spreads.clone();
    for (int i = 0; i < means.length; i++) {
      Check.finite(means[i], "aligned mean at offset " + (i + 1));
      Check.positive(spreads[i], "aligned spread at offset " + (i + 1));
    }
  }

  /** z of a pooled readout after {@code tokens} ≥ 1 answer tokens. */
  public double standardise(long tokens, double pooled) {
    Check.that(tokens >= 1, "answer tokens", "1 or more", tokens, "feed a readout first");
    int index = (int) Math.min(tokens, means.length) - 1;
    return (pooled - means[index]) / spreads[index];
  }

  /** K. */
  public int offsets() {
    return means.length;
  }

  /** The means {@code [K]}, copied. */
  public double[] means() {
    return means.clone();
  }

  /** The standard deviations {@code [K]}, copied. */
  public double[] spreads() {
    return spreads.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OffsetScale scale
        && Arrays.equals(means, scale.means)
        && Arrays.equals(spreads, scale.spreads);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(means) + Arrays.hashCode(spreads);
  }

  @Override
  public String toString() {
    return "OffsetScale[K=" + means.length + "]";
  }
}
