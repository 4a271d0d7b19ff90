package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code organism.json}: the recipe, what came of it, and the files.
 *
 * @param recipeDigest SHA-256 over the recipe's values
 * @param stages seconds and final loss of each training
 * @param files SHA-256 by relative name
 * @param versions of what trained it
 */
public record OrganismCard(
    String recipeDigest,
    Recipe recipe,
    List<Stage.Outcome> stages,
    OrganismReport report,
    Map<String, String> files,
    Map<String, String> versions) {

  /** Reads the card of a trained organism. */
  public static OrganismCard read(OrganismFolder folder) {
    if (!Files.exists(folder.card())) {
      throw new IllegalArgumentException(
          "organism: wanted "
              + folder.card()
              + ", found none; train one with `plumbline organism train --out "
              + folder.root()
              + "`");
    }
    try {
      return RecipeFile.MAPPER.readValue(folder.card().toFile(), OrganismCard.class);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + folder.card(), e);
    }
  }

  void write(Path file) {
    try {
      Files.write(file, RecipeFile.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  /** The world the organism lives in. */
  public World world() {
    return recipe.makeWorld();
  }

  /** Writes the model before its first step into a folder: what nothing was learned by. */
  public void writeUntrained(Path folder) {
    RandomModel.write(folder, recipe, recipe.makeWorld().vocabulary());
  }

  /** Threads of one operation in training. */
  int threads() {
    return Integer.parseInt(versions.get("threads"));
  }

  /** The finetunes' names, controls included. */
  public List<String> adapters() {
    return recipe.finetunes().stream().map(FinetuneRecipe::name).toList();
  }
}
