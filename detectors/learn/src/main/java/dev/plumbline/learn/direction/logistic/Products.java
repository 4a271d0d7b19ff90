package dev.plumbline.learn.direction.logistic;

/** What fits that run side by side need of features {@code [N,F]}; all arrays row-major. */
public interface Products {
  /** N. */
  int rows();

  /** F. */
  int columns();

  /** {@code X Wᵀ} {@code [N,K]} of weights {@code [K,F]}, a new array. */
  float[] scores(float[] weights);

  /** {@code Rᵀ X} {@code [K,F]} of slopes {@code [N,K]}, a new array. */
  float[] gradients(float[] slopes);
}
