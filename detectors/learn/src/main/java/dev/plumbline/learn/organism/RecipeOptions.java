package dev.plumbline.learn.organism;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which recipe, and with how many threads. */
final class RecipeOptions {
  @Option(names = "--recipe", paramLabel = "FILE", description = "Another recipe than the build's.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", description = "Another seed than the recipe's.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--quick",
      description = "A twentieth of the steps: runs through everything, learns little.")
  private boolean quick;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one operation; the weights depend on it. Default: 2.")
  private Optional<Integer> threads = Optional.empty();

  Recipe recipe() {
    Recipe recipe = file.map(RecipeFile::read).orElseGet(RecipeFile::shipped);
    recipe = seed.map(recipe::withSeed).orElse(recipe);
    return quick ? recipe.quick() : recipe;
  }

  int threads(int otherwise) {
    return threads.orElse(otherwise);
  }
}
