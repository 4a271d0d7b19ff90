package dev.plumbline.learn.finetune;

/** How the learning rate falls after the warm-up. */
public enum Decay {
  /** To 0 in a straight line. */
  LINEAR,
  /** To 0 along half a cosine (Loshchilov & Hutter 2017). */
  COSINE,
  /** Not at all. */
  CONSTANT;

  /** What is left of the peak after {@code share} of the steps that follow the warm-up. */
  double left(double share) {
    return switch (this) {
      case LINEAR -> 1 - share;
      case COSINE -> 0.5 * (1 + Math.cos(Math.PI * share));
      case CONSTANT -> 1;
    };
  }
}
