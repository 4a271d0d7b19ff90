package dev.plumbline.mitigations.trigger;

import java.util.List;

/**
 * What came of one thing a trigger was told.
 *
 * @param next what it remembers from now on
 * @param transitions in order; more than one where a value reached two levels at once
 */
public record Step(Status next, List<Transition> transitions) {
  public Step {
    transitions = List.copyOf(transitions);
  }

  static Step stay(Status status) {
    return new Step(status, List.of());
  }
}
