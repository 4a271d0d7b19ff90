package dev.plumbline.agent.cli;

import dev.plumbline.agent.config.ConfigException;
import picocli.CommandLine.ParameterException;

/** Which exit status and which words a failure gets. */
final class Failures {
  private Failures() {}

  static int status(Throwable failure) {
    if (failure instanceof CommandFailure known) {
      return known.code().status();
    }
    return usage(failure) ? ExitCode.USAGE.status() : ExitCode.FAILED.status();
  }

  static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /** Whether the message says all; otherwise the stack trace belongs with it. */
  static boolean expected(Throwable failure) {
    return failure instanceof CommandFailure || usage(failure);
  }

  private static boolean usage(Throwable failure) {
    return failure instanceof ConfigException || failure instanceof ParameterException;
  }
}
