package dev.plumbline.core.score;

import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.pooling.Pool;

/**
 * The score of one exchange as its tokens arrive: readout → pooled → z → score, and the maximum
 * over the checkpoints. No thresholds: this is also what they are calibrated on, so calibration and
 * serving cannot differ. Not thread-safe; constant memory for a running mean.
 */
public final class ScorePath {

  private final Pool pool;
  private final OffsetScale scale;
  private final Sigmoid sigmoid;
  private final Checkpoints checkpoints;
  private long tokens;
  private double pooled = Double.NaN;
  private double maximum = Double.NaN;
  private boolean broken;

  public ScorePath(Probe probe, Sigmoid sigmoid, Checkpoints checkpoints) {
    this.pool = probe.pooling().start();
    this.scale = probe.scale();
    this.sigmoid = sigmoid;
    this.checkpoints = checkpoints;
  }

  /**
   * Takes the next token's readout. A NaN or infinite one breaks the path for good.
   *
   * @return the score of the prefix, NaN once broken
   */
  public double add(double readout) {
    tokens++;
    broken |= !Double.isFinite(readout);
    pooled = broken ? Double.NaN : pool.add(readout);
    double score = score();
    if (checkpoints.at(tokens)) {
      maximum = Double.isNaN(maximum) ? score : Math.max(maximum, score);
    }
    return score;
  }

  /** Readouts taken. */
  public long tokens() {
    return tokens;
  }

  /** Whether a readout was not finite. */
  public boolean broken() {
    return broken;
  }

  /** The pooled readout; NaN before the first token and once broken. */
  public double pooled() {
    return pooled;
  }

  /** Standardised for this many tokens; NaN before the first token and once broken. */
  public double z() {
    return tokens == 0 ? Double.NaN : scale.standardise(tokens, pooled);
  }

  /** The score in [0, 1] of the prefix so far; NaN before the first token and once broken. */
  public double score() {
    return sigmoid.score(z());
  }

  /** The largest score at any checkpoint reached; NaN before the first one and once broken. */
  public double maximum() {
    return broken ? Double.NaN : maximum;
  }
}
