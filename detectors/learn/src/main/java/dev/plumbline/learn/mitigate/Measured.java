package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;

/**
 * One thing that was measured: a sum and what it is over.
 *
 * @param group what is never drawn apart: a question, a topic, a prompt
 * @param key tells it from the others of its measure; the same in every condition
 * @param top such as 1 for a misaligned answer, or nats over a text's tokens
 * @param bottom such as 1 for an answer, or a text's tokens; above 0
 */
record Measured(String group, String key, double top, double bottom) {
  Measured {
    Check.text(group, "group of a measurement");
    Check.text(key, "key of a measurement");
    Check.finite(top, "measurement of " + key);
    Check.positive(bottom, "size of " + key);
  }

  /** Yes or no. */
  static Measured of(String group, String key, boolean yes) {
    return new Measured(group, key, yes ? 1 : 0, 1);
  }
}
