package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.TokenizerFiles;
import dev.plumbline.learn.organism.world.Vocabulary;
import dev.plumbline.torch.checkpoint.CheckpointWriter;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.RopeScaling;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.LoraSlot;
import dev.plumbline.torch.runtime.LoraWeights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/** First values: of the decoder, written as a model folder, and of adapters. */
final class RandomModel {
  private RandomModel() {}

  /** The decoder's shape; its end of text is the end of an answer. */
  static ModelConfig config(Recipe.Model m, Vocabulary vocabulary) {
    return new ModelConfig(
        "llama",
        m.layers(),
        m.hidden(),
        m.heads(),
        m.heads(),
        m.hidden() / m.heads(),
        m.intermediate(),
        vocabulary.size(),
        m.normEpsilon(),
        m.ropeTheta(),
        new RopeScaling.None(),
        true,
        false,
        false,
        false,
        m.positions(),
        OptionalInt.empty(),
        OptionalInt.of(vocabulary.begin()),
        List.of(vocabulary.end()));
  }

  /** A model folder with normal weights: norms 1, residual writers smaller by √(2L). */
  static void write(Path folder, Recipe recipe, Vocabulary vocabulary) {
    ModelConfig config = config(recipe.model(), vocabulary);
    CheckpointWriter.write(
        folder,
        config,
        TensorType.F32,
        (weight, layer) -> first(recipe, weight, layer, size(config, weight)));
    TokenizerFiles.write(folder, vocabulary, recipe.model().positions());
  }

  private static int size(ModelConfig config, Weight weight) {
    return Math.toIntExact(config.shape(weight).stream().reduce(1L, Math::multiplyExact));
  }

  private static float[] first(Recipe recipe, Weight weight, int layer, int size) {
    float[] values = new float[size];
    if (!weight.matrix()) {
      Arrays.fill(values, 1);
      return values;
    }
    boolean writer = weight == Weight.O || weight == Weight.DOWN;
    double shrink = writer ? Math.sqrt(2.0 * recipe.model().layers()) : 1;
    String purpose = "initial/" + weight + "/" + layer;
    return normal(
        values, Seeds.random(recipe.seed(), purpose), recipe.model().initialSpread() / shrink);
  }

  /** An adapter that changes nothing yet: A normal with spread 1/√in, B zero (Hu et al. 2021). */
  static LoraWeights adapter(FinetuneRecipe finetune, ModelConfig config, long seed) {
    Random random = Seeds.random(seed, "adapter/" + finetune.name());
    Map<LoraWeights.Key, LoraWeights.Part> parts = new HashMap<>();
    for (int layer : finetune.layers()) {
      for (LoraSlot slot : finetune.slots()) {
        Weight weight = slot == LoraSlot.OUT ? Weight.O : Weight.DOWN;
        int in = Math.toIntExact(config.shape(weight).get(1));
        int out = Math.toIntExact(config.shape(weight).get(0));
        float[] a = normal(new float[finetune.rank() * in], random, 1 / Math.sqrt(in));
        parts.put(
            new LoraWeights.Key(layer, slot),
            new LoraWeights.Part(finetune.rank(), a, new float[out * finetune.rank()]));
      }
    }
    return new LoraWeights(finetune.scale(), parts);
  }

  private static float[] normal(float[] into, Random random, double spread) {
    for (int i = 0; i < into.length; i++) {
      into[i] = (float) (random.nextGaussian() * spread);
    }
    return into;
  }
}
