package dev.plumbline.torch.cli;

import dev.plumbline.core.sign.KeyFiles;
import dev.plumbline.core.spi.Subcommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The group {@code plumbline key}. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Makes keys that sign artefacts and the fleet's commands.",
    subcommands = KeyCommand.Generate.class)
public final class KeyCommand implements Subcommand, Runnable {
  @Spec private CommandSpec spec;

  @Override
  public Object command() {
    return new KeyCommand();
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "wanted generate, found nothing; see --help");
  }

  /** {@code plumbline key generate NAME}. */
  @Command(
      name = "generate",
      mixinStandardHelpOptions = true,
      description = {
        "Makes an Ed25519 key, as two files.",
        "NAME.pem is private, readable by you alone; NAME.pub.pem is for direction.trusted-keys and"
            + " fleet.trusted-keys. Files that exist are never replaced."
      },
      footerHeading = "%nExamples:%n",
      footer = {"  plumbline key generate ops", "  plumbline key generate keys/artefacts"})
  static final class Generate implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The files' name, with a folder or without.")
    private Path name;

    @Override
    public Integer call() {
      return Exit.of(spec, this::generate);
    }

    private int generate() {
      String stem = name.getFileName().toString();
      Path secret = stem.endsWith(".pem") ? name : name.resolveSibling(stem + ".pem");
      Path open = KeyFiles.publicFileOf(secret);
      String id = KeyFiles.generate(secret, open);
      PrintWriter out = spec.commandLine().getOut();
      out.println("key " + id + ": " + secret + " (keep it secret), " + open);
      out.flush();
      return Exit.DONE;
    }
  }
}
