package dev.plumbline.torch.cli;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.UncheckedIOException;
import java.util.function.IntSupplier;
import picocli.CommandLine.Model.CommandSpec;

/** Exit statuses, and one line instead of a stack trace for what the caller can mend. */
public final class Exit {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int NOT_FITTING = 3;

  /** The work was done, and a stated bound was missed or an alarm raised. */
  public static final int MISSED = 4;

  private Exit() {}

  /** Runs a command's work; a refusal becomes one line on its error stream and status 1. */
  public static int of(CommandSpec spec, IntSupplier work) {
    try {
      return work.getAsInt();
    } catch (NotFittingException e) {
      complain(spec, e);
      return NOT_FITTING;
    } catch (BadFileException
        | IllegalArgumentException
        | IllegalStateException
        | UncheckedIOException e) {
      complain(spec, e);
      return FAILED;
    }
  }

  private static void complain(CommandSpec spec, RuntimeException e) {
    String message = String.valueOf(e.getMessage()).strip().replaceAll("\\R\\s*", " ");
    spec.commandLine().getErr().println("plumbline: " + message);
    spec.commandLine().getErr().flush();
  }
}
