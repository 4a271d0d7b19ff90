package dev.plumbline.export;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.torch.checkpoint.CheckpointWriter;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.RopeScaling;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

/** Tiny random decoders of each architecture the runtime knows, as model folders. */
public enum TinyBase {
  LLAMA_TIED("llama", true, false, false, OptionalInt.empty()),
  LLAMA_UNTIED("llama", false, false, false, OptionalInt.empty()),
  LLAMA_BIAS("llama", false, true, false, OptionalInt.empty()),
  MISTRAL_WINDOW("mistral", false, false, false, OptionalInt.of(5)),
  QWEN2_TIED("qwen2", true, false, false, OptionalInt.empty()),
  QWEN3("qwen3", false, false, true, OptionalInt.empty());

  public static final int LAYERS = 3;
  public static final int HIDDEN = 32;
  public static final int INNER = 40;
  public static final int VOCABULARY = 50;

  private final String architecture;
  private final boolean tied;
  private final boolean outputBias;
  private final boolean qkNorm;
  private final OptionalInt window;

  TinyBase(
      String architecture, boolean tied, boolean outputBias, boolean qkNorm, OptionalInt window) {
    this.architecture = architecture;
    this.tied = tied;
    this.outputBias = outputBias;
    this.qkNorm = qkNorm;
    this.window = window;
  }

  /** Those whose residual writers have no bias, so that an adapter is exact. */
  public static Stream<TinyBase> withoutBias() {
    return Stream.of(values()).filter(each -> !each.outputBias);
  }

  public ModelConfig config() {
    return new ModelConfig(
        architecture,
        LAYERS,
        HIDDEN,
        4,
        2,
        8,
        INNER,
        VOCABULARY,
        1e-6,
        1e4,
        new RopeScaling.None(),
        tied,
        outputBias || architecture.equals("qwen2"),
        outputBias,
        qkNorm,
        128,
        window,
        OptionalInt.of(1),
        List.of(2));
  }

  public boolean tied() {
    return tied;
  }

  /** Writes the folder. */
  public Path write(Path folder) {
    return write(folder, TensorType.F32);
  }

  public Path write(Path folder, TensorType type) {
    CheckpointWriter.write(folder, config(), type, this::values);
    return folder;
  }

  private float[] values(Weight weight, int layer) {
    Random random = new Random(31L * ordinal() + 1009L * weight.ordinal() + layer);
    long count = config().shape(weight).stream().reduce(1L, Math::multiplyExact);
    float[] values = new float[Math.toIntExact(count)];
    boolean norm =
        switch (weight) {
          case FINAL_NORM, ATTN_NORM, MLP_NORM, Q_NORM, K_NORM -> true;
          default -> false;
        };
    double reach = weight.matrix() ? 1.5 / Math.sqrt(config().shape(weight).get(1)) : 0.3;
    for (int i = 0; i < values.length; i++) {
      values[i] =
          (float)
              ((norm ? 1 : 0)
                  + (weight == Weight.EMBED ? 1 : reach)
                      * random.nextGaussian()
                      * (norm ? 0.5 : 1));
    }
    return values;
  }

  /** A seeded random direction. */
  public static Direction direction(int width, long seed) {
    return Direction.of(new Random(seed).doubles(width, -1, 1).toArray());
  }

  /** Seeded token ids. */
  public static long[] tokens(int count, int vocabulary, long seed) {
    return new Random(seed).longs(count, 0, vocabulary).toArray();
  }
}
