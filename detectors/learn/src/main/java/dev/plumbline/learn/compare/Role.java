package dev.plumbline.learn.compare;

/** What a solution is in a comparison. */
public enum Role {
  /** Trained on the task alone. */
  GENERAL,
  /** Trained on the task and held near the base elsewhere. */
  NARROW,
  /** Beside them, compared with nothing in particular. */
  OTHER,
  /** The control: drawn at random, as long as the general one. */
  RANDOM
}
