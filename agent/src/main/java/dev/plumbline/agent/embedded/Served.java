package dev.plumbline.agent.embedded;

import dev.plumbline.agent.origin.ServedModel;
import java.util.Optional;

/**
 * A model by name: the base, or the base wearing an adapter.
 *
 * @param name as clients write it
 * @param adapter what it wears
 * @param scoring the directions its answers are scored with
 * @param ablating the direction that is taken out of it; another one only for controls
 */
record Served(
    String name,
    Optional<String> adapter,
    Optional<Directions> scoring,
    Optional<Direction> ablating) {

  ServedModel describe(int contextLength) {
    return new ServedModel(
        name, contextLength, scoring.map(each -> each.main().name()), ablating.isPresent());
  }
}
