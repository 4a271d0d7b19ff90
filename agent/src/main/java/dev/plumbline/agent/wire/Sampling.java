package dev.plumbline.agent.wire;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the next token is chosen and when to stop. Absent means: the served model's own default.
 *
 * @param maxTokens at most this many answer tokens, at least 1
 * @param temperature 0 is greedy, at most 2
 * @param topP in (0,1]
 * @param seed same seed, same text, on the same machine
 * @param stop at most four non-empty strings; the answer ends before the first of them
 */
public record Sampling(
    OptionalInt maxTokens,
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalLong seed,
    List<String> stop) {
  /** The most stop strings a request may have; OpenAI's own bound. */
  public static final int MAX_STOPS = 4;

  public Sampling {
    stop = List.copyOf(stop);
    require(maxTokens.orElse(1) >= 1, "max tokens of at least 1", maxTokens);
    double heat = temperature.orElse(1);
    require(heat >= 0 && heat <= 2, "a temperature in [0,2]", temperature);
    double mass = topP.orElse(1);
    require(mass > 0 && mass <= 1, "a top_p in (0,1]", topP);
    require(stop.size() <= MAX_STOPS, "at most " + MAX_STOPS + " stop strings", stop.size());
  }

  /** All defaults. */
  public static Sampling defaults() {
    return new Sampling(
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        List.of());
  }

  private static void require(boolean holds, String wanted, Object found) {
    if (!holds) {
      throw new IllegalArgumentException("wanted " + wanted + ", found " + found);
    }
  }
}
