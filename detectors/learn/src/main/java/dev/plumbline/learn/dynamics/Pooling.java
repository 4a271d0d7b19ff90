package dev.plumbline.learn.dynamics;

/** Which state of a statement is read. */
public enum Pooling {
  /** At the last token, as published. */
  LAST,
  /** The mean over all tokens but the first, which in many models is an attention sink. */
  MEAN
}
