package dev.plumbline.torch.cli;

/** Two things do not belong together, such as a model and another's artefact: exit status 3. */
public final class NotFittingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public NotFittingException(String message) {
    super(message);
  }
}
