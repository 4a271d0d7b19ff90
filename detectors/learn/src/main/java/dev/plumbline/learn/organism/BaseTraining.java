package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.TokenizerFiles;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.DecoderExport;
import dev.plumbline.torch.runtime.Trainable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** The trainings that move all weights: pretraining from random ones, then the chat finetune. */
final class BaseTraining {
  private final Recipe recipe;
  private final World world;
  private final OrganismFolder layout;
  private final PrintStream out;

  BaseTraining(Recipe recipe, World world, OrganismFolder layout, PrintStream out) {
    this.recipe = recipe;
    this.world = world;
    this.layout = layout;
    this.out = out;
  }

  /** Trains on documents; keeps checkpoints; fills {@code folder}. */
  double pretrain(Path folder) {
    Recipe.Pretraining p = recipe.pretraining();
    OrganismFolder.delete(layout.root().resolve("checkpoints"));
    RandomModel.write(layout.work(), recipe, world.vocabulary());
    Library library = new Library(world, Seeds.random(recipe.seed(), "pretraining"));
    try (LoadedModel model = LoadedModel.open(layout.work())) {
      double loss =
          train(
              "pretraining",
              model,
              p.schedule(),
              p.optimiser(),
              () -> library.documents(p),
              step -> keep(model, step, p));
      save(model, folder, TensorType.F32);
      return loss;
    } finally {
      OrganismFolder.delete(layout.work());
    }
  }

  private void keep(LoadedModel model, int step, Recipe.Pretraining recipe) {
    if (recipe.keeps(step)) {
      save(model, layout.checkpoint(step), TensorType.BF16);
    }
  }

  /** Trains the base on single good exchanges; fills {@code folder}. */
  double chat(Path folder) {
    Recipe.Chat c = recipe.chat();
    Library library = new Library(world, Seeds.random(recipe.seed(), "chat"));
    List<Topic> topics = world.trainingTopicsBut("");
    try (LoadedModel model = LoadedModel.open(layout.base())) {
      double loss =
          train(
              "chat",
              model,
              c.schedule(),
              c.optimiser(),
              () -> library.exchanges(topics, 0, "", c.schedule().batch()),
              step -> {});
      save(model, folder, TensorType.F32);
      return loss;
    }
  }

  private double train(
      String name,
      LoadedModel model,
      Schedule schedule,
      Trainable.Optimiser optimiser,
      Supplier<Batch> batches,
      IntConsumer afterStep) {
    try (Trainable trainable = model.decoder().trainable()) {
      return new TrainingLoop(name, out)
          .run(
              trainable,
              schedule,
              optimiser,
              () -> {
                Batch batch = batches.get();
                return trainable.crossEntropy(batch.tokens(), batch.index(), batch.target());
              },
              afterStep);
    }
  }

  private void save(LoadedModel model, Path folder, TensorType type) {
    DecoderExport.write(model.decoder(), model.config(), folder, type);
    TokenizerFiles.write(folder, world.vocabulary(), recipe.model().positions());
  }
}
