package dev.plumbline.learn.organism;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code plumbline organism verify}: 0 if the retrained organism is the same or within tolerance, 3
 * if the other came from another recipe, 4 if a figure is missed.
 */
@Command(
    name = "verify",
    description =
        "Trains the organism again and compares weights, or figures where weights differ.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline organism verify",
      "  plumbline organism verify --against organism --out again"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int DOES_NOT_FIT = 3;
  private static final int MISSED = 4;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description = "A trained organism; without, the one in this build.")
  private Optional<Path> against = Optional.empty();

  @Option(names = "--out", paramLabel = "DIR", description = "Keep the retrained organism here.")
  private Optional<Path> out = Optional.empty();

  @Mixin private RecipeOptions options;

  @Override
  public Integer call() throws IOException {
    Path root = against.orElseGet(() -> new ShippedOrganism().folder());
    OrganismCard expected = OrganismCard.read(new OrganismFolder(root));
    Recipe recipe = options.recipe();
    if (!expected.recipeDigest().equals(RecipeFile.digest(recipe))) {
      System.err.println(
          "organism: wanted one from recipe "
              + RecipeFile.digest(recipe)
              + ", found "
              + expected.recipeDigest()
              + " in "
              + root
              + "; train it again, or name its recipe");
      return DOES_NOT_FIT;
    }
    Path fresh = out.isPresent() ? out.get() : Files.createTempDirectory("plumbline-organism");
    OrganismCard found =
        new OrganismTrainer(recipe, fresh, options.threads(expected.threads()), System.out).train();
    if (out.isEmpty()) {
      OrganismFolder.delete(fresh);
    }
    System.out.println(ShowCommand.text(found));
    return print(OrganismComparison.of(expected, found));
  }

  private static int print(OrganismComparison comparison) {
    System.out.println(
        comparison.exact()
            ? "every file is the same"
            : "not the same bit for bit: " + comparison.differing());
    comparison.missed().forEach(line -> System.out.println("missed: " + line));
    if (comparison.holds()) {
      System.out.println("the figures hold");
    }
    return comparison.holds() ? 0 : MISSED;
  }
}
