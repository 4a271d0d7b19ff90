package dev.plumbline.agent.tap.states;

import java.util.Optional;

/** Which tap an origin's own states are had by. Thread-safe. */
@FunctionalInterface
public interface StatesByOrigin {
  /**
   * The tap; nothing where the origin hands over no states, or it is not known yet that it does.
   *
   * @param origin the configured name
   */
  Optional<StatesScoring> of(String origin);

  /** One tap for all origins. */
  static StatesByOrigin all(StatesScoring states) {
    return origin -> Optional.of(states);
  }
}
