package dev.plumbline.learn.job;

/** An artefact or adapter that does not fit the model: exit status {@link Exit#NOT_FITTING}. */
public final class NotFittingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotFittingException(String message) {
    super(message);
  }
}
