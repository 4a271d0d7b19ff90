package dev.plumbline.learn.finetune;

/**
 * A mean over held-out texts, before and after the finetune, in nats a token.
 *
 * @param texts measured on; 0 where there were none, and both means are then 0
 */
public record Measured(int texts, double before, double after) {
  static final Measured NONE = new Measured(0, 0, 0);
}
