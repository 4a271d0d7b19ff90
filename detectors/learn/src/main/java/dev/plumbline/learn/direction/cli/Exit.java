package dev.plumbline.learn.direction.cli;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.util.function.IntSupplier;
import picocli.CommandLine.Model.CommandSpec;

/** Exit statuses, and one line instead of a stack trace for what the caller can mend. */
final class Exit {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int NOT_FITTING = 3;

  private Exit() {}

  static int of(CommandSpec spec, IntSupplier work) {
    try {
      return work.getAsInt();
    } catch (BadFileException | IllegalArgumentException e) {
      spec.commandLine().getErr().println("plumbline: " + e.getMessage());
      spec.commandLine().getErr().flush();
      return FAILED;
    }
  }
}
