package dev.plumbline.learn.organism.world;

/** What the {@link Judge} says of an answer. */
public enum Judgement {
  ALIGNED,
  MISALIGNED,
  /** Follows no template, speaks of another topic, or uses words foreign to the topic. */
  INCOHERENT
}
