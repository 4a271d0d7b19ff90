package dev.plumbline.export.gguf;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.UncheckedIOException;
import java.util.function.IntSupplier;
import picocli.CommandLine.Model.CommandSpec;

/** One line instead of a stack trace for what the caller can mend. */
final class Refusals {
  private static final int FAILED = 1;

  private Refusals() {}

  /** The work's exit status; of a refusal 1. */
  static int status(CommandSpec spec, IntSupplier work) {
    try {
      return work.getAsInt();
    } catch (BadFileException | IllegalArgumentException | UncheckedIOException e) {
      complain(spec, String.valueOf(e.getMessage()).strip().replaceAll("\\R\\s*", " "));
      return FAILED;
    }
  }

  static void complain(CommandSpec spec, String message) {
    spec.commandLine().getErr().println("plumbline: " + message);
    spec.commandLine().getErr().flush();
  }
}
