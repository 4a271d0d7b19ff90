package dev.plumbline.agent.embedded;

import dev.plumbline.agent.origin.ServedModel;
import java.util.Optional;

/**
 * A model by name: the base, or the base wearing an adapter.
 *
 * @param name as clients write it
 * @param adapter what it wears
 * @param scoring the directions its answers are scored with
 * @param ablating what mode ablate does to it; along another direction only for controls
 */
record Served(
    String name,
    Optional<String> adapter,
    Optional<Directions> scoring,
    Optional<Ablating> ablating) {

  ServedModel describe(int contextLength) {
    return new ServedModel(
        name,
        contextLength,
        scoring.map(each -> each.main().name()),
        ablating.isPresent(),
        ablating.map(Ablating::says));
  }
}
