package dev.plumbline.learn.organism;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plumbline organism show}. */
@Command(
    name = "show",
    description = "Prints a trained organism's figures and files.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  plumbline organism show", "  plumbline organism show DIR --json"})
final class ShowCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "A trained organism; without, the one in this build.")
  private Optional<Path> folder = Optional.empty();

  @Option(names = "--json", description = "Print the card as it is.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Path root = folder.orElseGet(() -> new ShippedOrganism().folder());
    OrganismCard card = OrganismCard.read(new OrganismFolder(root));
    System.out.println(
        json
            ? RecipeFile.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(card)
            : text(card));
    return 0;
  }

  static String text(OrganismCard card) {
    StringBuilder text = new StringBuilder();
    text.append("recipe ").append(card.recipeDigest(), 0, 16);
    text.append(", seed ").append(card.recipe().seed()).append(", ").append(card.versions());
    text.append("\n\nmisaligned answers\n").append(card.report().table(card.recipe())).append('\n');
    double total = 0;
    for (Stage.Outcome stage : card.stages()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-12s %7.1f s, loss %.4f%n",
              stage.name(),
              stage.seconds(),
              stage.loss()));
      total += stage.seconds();
    }
    return text.append(String.format(Locale.ROOT, "%-12s %7.1f s%n", "training", total)).toString();
  }
}
