package dev.plumbline.learn.job;

/** An artefact that was not made for the model at hand: exit status 3. */
public final class NotFittingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public NotFittingException(String message) {
    super(message);
  }
}
