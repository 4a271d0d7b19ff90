package dev.plumbline.agent.cli;

import java.util.Objects;

/** A command that cannot do what it was asked, with the exit status that says why. */
public final class CommandFailure extends RuntimeException {
  private final ExitCode code;

  public CommandFailure(ExitCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  public ExitCode code() {
    return code;
  }
}
