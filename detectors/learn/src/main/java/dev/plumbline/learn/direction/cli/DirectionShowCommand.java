package dev.plumbline.learn.direction.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.Exit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline direction show DIR}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Prints a direction: warnings first, then its figures and what it was made of.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline direction show em.direction",
      "  plumbline direction show em.direction --json"
    })
final class DirectionShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A folder NAME.direction.")
  private Path folder;

  @Option(names = "--json", description = "Print direction.json and the warnings as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    return Exit.of(spec, this::show);
  }

  private int show() {
    Artefact artefact = ArtefactFolder.read(folder);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? json(artefact) : ArtefactText.of(artefact));
    out.flush();
    return Exit.DONE;
  }

  static String json(Artefact artefact) {
    ObjectNode node = ArtefactFolder.json(artefact);
    ArrayNode warnings = node.putArray("warnings");
    artefact.quality().warnings().forEach(warnings::add);
    return node.toPrettyString();
  }
}
