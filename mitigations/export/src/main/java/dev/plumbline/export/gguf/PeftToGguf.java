package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.Architecture;
import dev.plumbline.torch.checkpoint.Architectures;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.RotaryRows;
import dev.plumbline.torch.checkpoint.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PEFT folder as a GGUF LoRA adapter of the same rank.
 *
 * <p>Where GGUF files of the base's family interleave the rows of Q and K (Llama, Mistral), so does
 * this with the rows of {@code B}: the change must land on the rows it was trained for. Rank
 * stabilised scaling becomes the alpha that gives the same {@code α/r}.
 */
public final class PeftToGguf {
  private PeftToGguf() {}

  /**
   * Converts an adapter.
   *
   * @param folder with {@code adapter_config.json} and {@code adapter_model.safetensors}
   * @param base the model it was trained on, a folder or a GGUF file
   * @return tensors of the base that it changes
   * @throws dev.plumbline.torch.checkpoint.file.BadFileException if one of the two is unsound or
   *     they do not fit each other
   */
  public static int convert(Path folder, Path base, Path out) {
    ModelConfig config;
    try (Checkpoint checkpoint = Checkpoint.open(base)) {
      config = checkpoint.config();
    }
    PeftAdapter adapter = PeftAdapter.open(folder, config);
    List<LoraPair> pairs = pairs(adapter, config);
    Check.that(
        !config.tieWordEmbeddings()
            || pairs.stream().noneMatch(pair -> pair.tensor().equals(LoraPair.EMBEDDING)),
        "adapter " + folder,
        "no change of an embedding that is the head too",
        LoraPair.EMBEDDING,
        "llama.cpp aborts on it: untie the base, or leave the embedding out");
    float alpha = (float) (adapter.scaling() * adapter.rank());
    GgufLora.writePairs(out, ggufArchitecture(config), alpha, pairs);
    return pairs.size();
  }

  /** Mistral's folders become files that say {@code llama}, and are laid out so. */
  static String ggufArchitecture(ModelConfig config) {
    return config.architecture().equals("mistral") ? "llama" : architecture(config).ggufName();
  }

  static List<LoraPair> pairs(PeftAdapter adapter, ModelConfig config) {
    Architecture architecture = architecture(config);
    List<LoraPair> pairs = new ArrayList<>();
    for (Map.Entry<PeftAdapter.Target, LowRank> each : adapter.changes().entrySet()) {
      Weight weight = each.getKey().weight();
      boolean interleaved =
          architecture.ggufPermutesQueryAndKey() && (weight == Weight.Q || weight == Weight.K);
      LowRank change =
          interleaved ? interleaved(each.getValue(), config.headDim()) : each.getValue();
      pairs.add(LoraPair.of(architecture.ggufTensorName(weight, each.getKey().layer()), change));
    }
    adapter.embedding().ifPresent(change -> pairs.add(LoraPair.of(LoraPair.EMBEDDING, change)));
    return pairs;
  }

  static LowRank interleaved(LowRank change, int headDim) {
    int rank = change.rank();
    RotaryRows order = new RotaryRows(headDim, rank);
    float[] b = new float[change.b().length];
    for (int row = 0; row < change.out(); row++) {
      int stored = Math.toIntExact(order.stored(row));
      System.arraycopy(change.b(), row * rank, b, stored * rank, rank);
    }
    return new LowRank(change.in(), change.out(), rank, change.a(), b);
  }

  private static Architecture architecture(ModelConfig config) {
    return Architectures.ofHf(config.architecture()).orElseThrow();
  }
}
