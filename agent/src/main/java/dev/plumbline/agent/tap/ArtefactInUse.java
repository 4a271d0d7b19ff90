package dev.plumbline.agent.tap;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of an artefact that this agent reads with. All of it from the artefact and the
 * configuration, none from traffic.
 *
 * @param name the direction's, as verdicts name it
 * @param role {@code judge}, {@code beside} or {@code control}
 * @param model what it was learned on
 * @param digest SHA-256 of its {@code direction.json}, which holds the digest of its tensors
 * @param tapPoints where it reads, such as {@code resid_post.12}
 * @param fit {@code exact}, {@code validated}, {@code unverified}, or {@code unknown} where the
 *     states come from elsewhere
 * @param created when it was learned
 * @param thresholdAnswer score above which a whole answer is drifted
 * @param thresholdStream score above which a stream is
 * @param alpha share of aligned answers these were calibrated to flag
 * @param baseline scores it was calibrated on, if it holds them
 */
public record ArtefactInUse(
    String name,
    String role,
    String model,
    String digest,
    String tapPoints,
    String fit,
    Instant created,
    double thresholdAnswer,
    double thresholdStream,
    double alpha,
    Optional<Baseline> baseline) {

  public ArtefactInUse {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(baseline, "baseline");
  }

  /** Scores of aligned answers. */
  public static final class Baseline {
    private final double[] shares;
    private final long count;

    /**
     * @param shares at or below each bound of the score's histogram; copied
     * @param count scores
     */
    public Baseline(double[] shares, long count) {
      this.shares = shares.clone();
      this.count = count;
    }

    /** A copy. */
    public double[] shares() {
      return shares.clone();
    }

    public long count() {
      return count;
    }

    @Override
    public String toString() {
      return "Baseline[" + count + ", " + Arrays.toString(shares) + "]";
    }
  }
}
