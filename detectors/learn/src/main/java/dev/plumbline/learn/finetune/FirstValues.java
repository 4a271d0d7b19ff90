package dev.plumbline.learn.finetune;

import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.runtime.MlpVector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Where a finetune starts, which changes nothing yet: A uniform within ±1/√in (as PEFT has it, so
 * that published learning rates mean the same), B zero; a vector of zeros.
 */
final class FirstValues {
  private FirstValues() {}

  static Solution of(Shape shape, ModelConfig config, long seed) {
    if (shape.kind() == Kind.STEERING_VECTOR) {
      int layer = shape.layersOf(config.layers()).get(0);
      return new VectorSolution(MlpVector.zero(layer, shape.alpha(), config.hidden()));
    }
    Map<Target, LowRank> changes = new LinkedHashMap<>();
    for (int layer : shape.layersOf(config.layers())) {
      for (Weight module : shape.modules()) {
        changes.put(new Target(layer, module), first(shape.rank(), config, layer, module, seed));
      }
    }
    return new AdapterSolution(
        new PeftAdapter(shape.rank(), shape.alpha(), shape.rankStabilised(), changes));
  }

  private static LowRank first(int rank, ModelConfig config, int layer, Weight module, long seed) {
    int in = Math.toIntExact(config.shape(module).get(1));
    int out = Math.toIntExact(config.shape(module).get(0));
    Random random = Seeds.random(seed, "finetune/first/" + layer + "/" + module);
    float[] a = new float[Math.multiplyExact(rank, in)];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) ((2 * random.nextDouble() - 1) / Math.sqrt(in));
    }
    return new LowRank(in, out, rank, a, new float[Math.multiplyExact(out, rank)]);
  }
}
