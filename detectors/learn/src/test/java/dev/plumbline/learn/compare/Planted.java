package dev.plumbline.learn.compare;

import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.checkpoint.Weight;
import java.util.Map;
import java.util.Random;

/** Adapters with known numbers in them, and the shipped organism. */
final class Planted {
  private static final ModelConfig CONFIG = read();

  private Planted() {}

  static OrganismFolder organism() {
    return new OrganismFolder(new ShippedOrganism().folder());
  }

  static ModelConfig config() {
    return CONFIG;
  }

  private static ModelConfig read() {
    try (Checkpoint checkpoint = Checkpoint.open(organism().chat())) {
      return checkpoint.config();
    }
  }

  static AdapterChange shipped(String name) {
    ModelConfig config = config();
    return new AdapterChange(name, PeftAdapter.open(organism().adapter(name), config), config);
  }

  static LowRank random(int in, int out, int rank, long seed) {
    Random random = new Random(seed);
    return new LowRank(in, out, rank, normal(random, rank * in), normal(random, out * rank));
  }

  /** Rank 1 on {@code down_proj} of layer 0, A all of one value, B as given. */
  static AdapterChange writing(String name, float... b) {
    float[] a = {0.5f, 0.5f, 0.5f, 0.5f};
    LowRank change = new LowRank(4, b.length, 1, a, b);
    return new AdapterChange(
        name, new PeftAdapter(1, 1, false, Map.of(new Target(0, Weight.DOWN), change)), config());
  }

  private static float[] normal(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
