package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.Exit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline export show-control-vector FILE [--direction DIRECTION]}. */
@Command(
    name = "show-control-vector",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a control vector of either dialect, whatever tool wrote it.",
      "With --direction also how near its rows come to a learned direction under each reading of"
          + " their numbers."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline export show-control-vector push.gguf",
      "  plumbline export show-control-vector push.gguf --direction em.direction"
    })
public final class ShowControlVectorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A GGUF control vector.")
  private Path file;

  @Option(
      names = "--direction",
      paramLabel = "DIRECTION",
      description = "A folder NAME.direction of the same model.")
  private Path direction;

  @Override
  public Integer call() {
    return Exit.of(spec, this::show);
  }

  private int show() {
    ControlVectorFile vector = ControlVectorFile.open(file);
    PrintWriter to = spec.commandLine().getOut();
    to.println("dialect    " + vector.dialect() + (vector.unitRows() ? ", rows of length 1" : ""));
    to.println("model hint " + vector.modelHint().orElse("none"));
    to.println("rows       " + vector.numbers() + " of width " + vector.width());
    vector.keys().forEach(key -> to.println("  " + key + " = " + vector.shown(key)));
    if (direction != null) {
      compare(vector, ArtefactFolder.read(direction), to);
    }
    to.flush();
    return 0;
  }

  private void compare(ControlVectorFile vector, Artefact artefact, PrintWriter to) {
    Check.size(artefact.model().hidden(), vector.width(), "rows of " + file);
    for (LayerConvention convention : LayerConvention.values()) {
      ConventionEvidence found = ConventionEvidence.of(vector, artefact, convention);
      if (found.rows() == 0) {
        to.println(convention + ": nothing to compare");
      } else {
        to.printf(
            Locale.ROOT,
            "%s: mean |cosine| %.4f over %d rows%n",
            convention,
            found.meanCosine(),
            found.rows());
      }
    }
  }
}
