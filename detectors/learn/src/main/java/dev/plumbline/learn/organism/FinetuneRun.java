package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.World;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Trainable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * One finetune of an organism's chat model with snapshots along the way, kept in memory: from a
 * fresh adapter, or from where another training left one. One thread.
 */
public final class FinetuneRun {
  private final Recipe recipe;
  private final OrganismFolder folder;
  private final World world;
  private final PrintStream out;

  public FinetuneRun(OrganismFolder folder, Recipe recipe, PrintStream out) {
    this.recipe = recipe;
    this.folder = folder;
    this.world = recipe.makeWorld();
    this.out = out;
  }

  /**
   * The adapter a finetune starts as: A random, B zero. Two variants of a finetune that start as
   * the same can be compared by B alone.
   */
  public PeftAdapter fresh(FinetuneRecipe finetune) {
    try (LoadedModel model = LoadedModel.open(folder.chat())) {
      return peft(finetune, RandomModel.adapter(finetune, model.config(), recipe.seed()));
    }
  }

  /**
   * Trains.
   *
   * @param from where it starts
   * @param every steps between snapshots
   * @return adapters by steps done: 0, every, …, the last
   */
  public Map<Integer, PeftAdapter> run(FinetuneRecipe finetune, PeftAdapter from, int every) {
    Map<Integer, PeftAdapter> snapshots = new TreeMap<>();
    snapshots.put(0, from);
    int last = finetune.schedule().steps();
    Path chat = folder.chat();
    try (LoadedModel model = LoadedModel.open(chat)) {
      ModelConfig config = model.config();
      new Finetuning(recipe, finetune, world, out)
          .train(
              model.decoder(),
              PeftAdapters.fuse(from, config),
              (trainable, step) -> {
                if (step % every == 0 || step == last) {
                  snapshots.put(step, peft(finetune, trainable));
                }
              });
    }
    return snapshots;
  }

  private static PeftAdapter peft(FinetuneRecipe finetune, Trainable trainable) {
    return peft(finetune, trainable.adapter(finetune.scale()));
  }

  private static PeftAdapter peft(FinetuneRecipe finetune, LoraWeights weights) {
    return PeftAdapters.unfuse(weights, finetune.rank(), finetune.scale() * finetune.rank());
  }
}
