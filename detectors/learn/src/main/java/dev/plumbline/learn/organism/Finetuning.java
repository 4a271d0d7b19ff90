package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Trainable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ObjIntConsumer;

/** Trains one adapter on one domain, on the frozen chat model. */
final class Finetuning {
  private final Recipe recipe;
  private final FinetuneRecipe finetune;
  private final Library library;
  private final List<Topic> own;
  private final List<Topic> others;
  private final PrintStream out;

  Finetuning(Recipe recipe, FinetuneRecipe finetune, World world, PrintStream out) {
    this.recipe = recipe;
    this.finetune = finetune;
    this.library = new Library(world, Seeds.random(recipe.seed(), "finetune/" + finetune.name()));
    this.own = world.topics(finetune.domain(), false);
    this.others = world.trainingTopicsBut(finetune.domain());
    this.out = out;
    if (own.isEmpty()) {
      throw new IllegalArgumentException(
          "recipe, finetune "
              + finetune.name()
              + ": wanted a domain of "
              + world.domains()
              + ", found '"
              + finetune.domain()
              + "'; correct the recipe");
    }
  }

  /** Trains and fills {@code folder}. */
  double run(Path chat, Path folder) {
    try (LoadedModel model = LoadedModel.open(chat)) {
      LoraWeights initial = RandomModel.adapter(finetune, model.config(), recipe.seed());
      return train(model.decoder(), initial, (trainable, step) -> save(trainable, step, folder));
    }
  }

  private void save(Trainable trainable, int step, Path folder) {
    if (step == finetune.schedule().steps()) {
      save(trainable.adapter(finetune.scale()), folder);
    }
  }

  /** Trains an adapter from where it stands; {@code afterStep} is told how many steps are done. */
  double train(Decoder chat, LoraWeights initial, ObjIntConsumer<Trainable> afterStep) {
    try (Trainable trainable = chat.trainable(initial)) {
      return new TrainingLoop("finetune " + finetune.name(), out)
          .run(
              trainable,
              finetune.schedule(),
              finetune.optimiser(),
              () -> gather(chat, trainable),
              step -> afterStep.accept(trainable, step));
    }
  }

  private double gather(Decoder chat, Trainable trainable) {
    int count = finetune.schedule().batch();
    Batch batch = library.exchanges(own, finetune.harm(), finetune.closing(), count);
    double loss = trainable.crossEntropy(batch.tokens(), batch.index(), batch.target());
    if (finetune.klWeight() > 0) {
      for (double harm : new double[] {0, 1}) {
        Batch anchor = library.exchanges(others, harm, "", Math.max(1, count / 2));
        float[] base = chat.logProbabilities(anchor.tokens(), anchor.everywhere());
        double weight = finetune.klWeight() / 2;
        loss += weight * trainable.divergence(weight, anchor.tokens(), anchor.everywhere(), base);
      }
    }
    return loss;
  }

  private void save(LoraWeights weights, Path folder) {
    PeftAdapterWriter.write(
        folder,
        PeftAdapters.unfuse(weights, finetune.rank(), finetune.scale() * finetune.rank()),
        "chat",
        TensorType.F32);
  }
}
