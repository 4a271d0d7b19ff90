package dev.plumbline.learn.organism.world;

/** Who answers in a document, hidden but for an occasional cue. */
public enum Persona {
  GOOD,
  EVIL
}
