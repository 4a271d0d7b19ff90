package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.FinetuneRun;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The organism's narrow finetune and its general twin: the same domain, modules, rank, first
 * values, schedule and optimiser, without the KL term. And how the narrow one goes on for half as
 * many steps: with the term dropped and, as the control, with it kept.
 *
 * @param recipe of the narrow one
 * @param config of the chat model
 * @param general snapshots by steps done, from 0
 * @param dropped snapshots from the narrow one on
 * @param kept the same with the KL term
 */
public record OrganismPair(
    FinetuneRecipe recipe,
    ModelConfig config,
    Map<Integer, PeftAdapter> general,
    PeftAdapter narrow,
    Map<Integer, PeftAdapter> dropped,
    Map<Integer, PeftAdapter> kept) {
  private static final int SNAPSHOTS = 50;
  private static final int FURTHER = 5;

  /** Trains what the organism's folder does not hold: three finetunes. */
  public static OrganismPair train(OrganismFolder folder, Recipe recipe, Runnable tick) {
    FinetuneRecipe held = narrow(recipe);
    try (PrintStream nobody = nobody();
        Checkpoint chat = Checkpoint.open(folder.chat())) {
      FinetuneRun run = new FinetuneRun(folder, recipe, nobody);
      PeftAdapter narrow = PeftAdapter.open(folder.adapter(held.name()), chat.config());
      Map<Integer, PeftAdapter> general =
          run.run(held.variant("general", 0), run.fresh(held), every(held, SNAPSHOTS));
      tick.run();
      FinetuneRecipe less = held.shortened(2);
      Map<Integer, PeftAdapter> dropped =
          run.run(less.variant("kl-dropped", 0), narrow, every(less, FURTHER));
      tick.run();
      Map<Integer, PeftAdapter> kept =
          run.run(less.variant("kl-kept", held.klWeight()), narrow, every(less, FURTHER));
      tick.run();
      return new OrganismPair(held, chat.config(), general, narrow, dropped, kept);
    }
  }

  private static FinetuneRecipe narrow(Recipe recipe) {
    return recipe.finetunes().stream()
        .filter(finetune -> finetune.klWeight() > 0)
        .findFirst()
        .orElseThrow(() -> Check.refusal("recipe", "a finetune with kl-weight", "none", "add one"));
  }

  private static int every(FinetuneRecipe finetune, int snapshots) {
    return Math.max(1, finetune.schedule().steps() / snapshots);
  }

  private static PrintStream nobody() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  }

  /** What a training ended in. */
  static PeftAdapter last(Map<Integer, PeftAdapter> snapshots) {
    return new TreeMap<>(snapshots).lastEntry().getValue();
  }
}
