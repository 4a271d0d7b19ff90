package dev.plumbline.core.score;

/** Whose reading comes first where not all can be read at once. */
public enum Priority {
  /** Somebody waits for the verdict: an answer is annotated, held or cut by it. */
  ENFORCING,
  /** Read for the record; the first to be left out. */
  OBSERVING
}
