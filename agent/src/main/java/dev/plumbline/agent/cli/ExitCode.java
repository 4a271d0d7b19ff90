package dev.plumbline.agent.cli;

/** What a command's exit status says; the same for every command. */
public enum ExitCode {
  DONE(0),
  FAILED(1),
  USAGE(2),
  /** The artefact, the model or the machine does not fit what was asked. */
  NOT_FITTING(3),
  /** A bound that was stated was missed. */
  BOUND_MISSED(4);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }
}
