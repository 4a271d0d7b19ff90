package dev.plumbline.agent.embedded;

import dev.plumbline.core.pooling.LastPromptToken;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The direction that judges an answer, and those read beside it in the same product of the same
 * pass.
 *
 * @param main its verdict is the exchange's
 * @param beside by configured name
 * @param keep what is kept of single tokens; absent for nothing
 */
record Directions(Direction main, Map<String, Direction> beside, Optional<Keep> keep) {
  Directions {
    beside = Collections.unmodifiableMap(new TreeMap<>(beside));
  }

  /**
   * How many tokens before the answer are read out: 1 where some direction reads the last prompt
   * token, else 0.
   */
  int lead() {
    return Stream.concat(Stream.of(main), beside.values().stream())
            .anyMatch(Directions::readsThePrompt)
        ? 1
        : 0;
  }

  static boolean readsThePrompt(Direction direction) {
    return direction.artefact().probe().pooling() instanceof LastPromptToken;
  }
}
