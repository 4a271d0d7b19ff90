package dev.plumbline.agent.metrics;

/** Upper bounds of the histograms' buckets; the last one, infinity, goes without saying. */
public final class Bounds {
  /** Of scores: finer where thresholds are. */
  private static final double[] SCORE = {
    0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0
  };

  private static final double[] SECONDS = {0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 5, 30};

  /** From a proxy's microseconds to an origin's minutes. */
  private static final double[] STAGE_SECONDS = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25, 1, 5, 30
  };

  /** The four below as OpenTelemetry's conventions for generative models advise. */
  private static final double[] TOKENS = {
    1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
  };

  private static final double[] REQUEST_SECONDS = {
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
  };
  private static final double[] FIRST_TOKEN_SECONDS = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };
  private static final double[] PER_TOKEN_SECONDS = {
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5
  };

  private Bounds() {}

  /** Of scores, a copy. */
  public static double[] score() {
    return SCORE.clone();
  }

  static double[] of(Meter meter) {
    return switch (meter) {
      case GEN_AI_TOKENS -> TOKENS;
      case GEN_AI_REQUEST -> REQUEST_SECONDS;
      case GEN_AI_FIRST_TOKEN -> FIRST_TOKEN_SECONDS;
      case GEN_AI_PER_TOKEN -> PER_TOKEN_SECONDS;
      case STAGE_DURATION -> STAGE_SECONDS;
      default -> meter.type() == Meter.Type.TIMER ? SECONDS : SCORE;
    };
  }
}
