package dev.plumbline.export;

import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Random rank-stabilised finetunes of the tiny bases, as PEFT folders. */
public final class TinyFinetune {
  public static final int RANK = 3;

  private TinyFinetune() {}

  /** Writes one of every matrix in the blocks, and of the embedding if wanted. */
  public static Path write(Path folder, TinyBase kind, boolean embedding) {
    PeftAdapterWriter.write(folder, of(kind, embedding), "base", TensorType.F32);
    return folder;
  }

  static PeftAdapter of(TinyBase kind, boolean embedding) {
    Random random = new Random(11);
    Map<PeftAdapter.Target, LowRank> changes = new LinkedHashMap<>();
    for (int layer = 0; layer < TinyBase.LAYERS; layer++) {
      for (Weight weight : Weight.values()) {
        if (weight.perLayer() && weight.matrix()) {
          List<Long> shape = kind.config().shape(weight);
          int in = shape.get(1).intValue();
          int out = shape.get(0).intValue();
          changes.put(new PeftAdapter.Target(layer, weight), lowRank(in, out, random));
        }
      }
    }
    LowRank ofTokens = lowRank(TinyBase.VOCABULARY, TinyBase.HIDDEN, random);
    return new PeftAdapter(
        RANK, 2, true, changes, embedding ? Optional.of(ofTokens) : Optional.empty());
  }

  private static LowRank lowRank(int in, int out, Random random) {
    return new LowRank(in, out, RANK, gaussians(RANK * in, random), gaussians(out * RANK, random));
  }

  private static float[] gaussians(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.2 * random.nextGaussian());
    }
    return values;
  }
}
