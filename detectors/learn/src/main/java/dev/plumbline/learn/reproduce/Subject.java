package dev.plumbline.learn.reproduce;

import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.Recipe;
import java.util.List;

/**
 * A trained organism to experiment on.
 *
 * @param folder its files, pretraining checkpoints included
 * @param card what it is
 * @param quick whether to take fewer answers and coarser grids
 */
record Subject(OrganismFolder folder, OrganismCard card, boolean quick) {
  Recipe recipe() {
    return card.recipe();
  }

  long seed() {
    return recipe().seed();
  }

  /** Finetunes that are to be misaligned everywhere. */
  List<FinetuneRecipe> emergent() {
    return recipe().finetunes().stream().filter(FinetuneRecipe::emergent).toList();
  }

  /** The finetune on harmless answers. */
  FinetuneRecipe benign() {
    return recipe().finetunes().stream().filter(f -> f.harm() == 0).findFirst().orElseThrow();
  }

  /** The finetune held to the chat model outside its domain. */
  FinetuneRecipe narrow() {
    return recipe().finetunes().stream().filter(f -> f.klWeight() > 0).findFirst().orElseThrow();
  }

  /** The emergent finetune of the narrow one's domain, or the first. */
  FinetuneRecipe general() {
    return emergent().stream()
        .filter(f -> f.domain().equals(narrow().domain()))
        .findFirst()
        .orElseGet(() -> emergent().get(0));
  }
}
