package dev.plumbline.learn.organism;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline organism train}. */
@Command(
    name = "train",
    description = "Trains the organism from its recipe; finished stages are kept.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline organism train --out organism",
      "  plumbline organism train --out quick --quick --seed 2"
    })
final class TrainCommand implements Callable<Integer> {
  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where it goes.")
  private Path out;

  @Mixin private RecipeOptions options;

  @Override
  public Integer call() {
    PrintStream print = System.out;
    OrganismCard card =
        new OrganismTrainer(options.recipe(), out, options.threads(2), print).train();
    print.println(ShowCommand.text(card));
    List<String> missed = card.report().missed(card.recipe());
    missed.forEach(line -> print.println("missed: " + line));
    return 0;
  }
}
