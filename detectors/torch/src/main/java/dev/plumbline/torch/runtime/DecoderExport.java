package dev.plumbline.torch.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.plumbline.torch.checkpoint.CheckpointWriter;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a decoder's weights as they stand on the device as a model folder; what the program fuses
 * (q, k and v; gate and up) is taken apart again. The inverse of {@link DecoderLoader}.
 *
 * <p>On the decoder's thread. The heap holds one tensor at a time.
 */
public final class DecoderExport {
  private static final int SHARED = 5;
  private static final int A_LAYER = 10;

  private static final List<Weight> QKV = List.of(Weight.Q, Weight.K, Weight.V);
  private static final List<Weight> BIASES = List.of(Weight.Q_BIAS, Weight.K_BIAS, Weight.V_BIAS);
  private static final List<Weight> GATE_UP = List.of(Weight.GATE, Weight.UP);

  private final Decoder decoder;
  private final ModelConfig config;

  private DecoderExport(Decoder decoder, ModelConfig config) {
    this.decoder = decoder;
    this.config = config;
  }

  /**
   * Writes {@code config.json} and {@code model.safetensors}.
   *
   * @param config of the checkpoint that the decoder was loaded from
   * @param folder made if absent
   * @param type {@code F32}, {@code F16} or {@code BF16}
   */
  public static void write(Decoder decoder, ModelConfig config, Path folder, TensorType type) {
    CheckpointWriter.write(folder, config, type, new DecoderExport(decoder, config)::values);
  }

  private float[] values(Weight weight, int layer) {
    int at = SHARED + layer * A_LAYER;
    return switch (weight) {
      case EMBED -> whole(0);
      case FINAL_NORM -> whole(1);
      case HEAD -> whole(2);
      case ATTN_NORM -> whole(at);
      case Q, K, V -> part(at + 1, weight, QKV);
      case Q_BIAS, K_BIAS, V_BIAS -> part(at + 2, weight, BIASES);
      case Q_NORM -> Arrays.copyOf(whole(at + 3), config.headDim());
      case K_NORM -> lastHead(whole(at + 3));
      case O -> whole(at + 4);
      case O_BIAS -> whole(at + 5);
      case MLP_NORM -> whole(at + 6);
      case GATE, UP -> part(at + 7, weight, GATE_UP);
      case DOWN -> whole(at + 8);
    };
  }

  private float[] lastHead(float[] heads) {
    return Arrays.copyOfRange(heads, heads.length - config.headDim(), heads.length);
  }

  private float[] part(int index, Weight wanted, List<Weight> below) {
    int from = 0;
    for (Weight weight : below) {
      int count = Math.toIntExact(config.shape(weight).stream().reduce(1L, Math::multiplyExact));
      if (weight == wanted) {
        return Arrays.copyOfRange(whole(index), from, from + count);
      }
      from += count;
    }
    throw new IllegalArgumentException("not one of " + below + ": " + wanted);
  }

  private float[] whole(int index) {
    try (PtNDManager scratch = (PtNDManager) decoder.manager().newSubManager()) {
      PtNDArray weight = decoder.weights()[index];
      return Host.floats(decoder.natives().cast(scratch, weight, Precision.FLOAT32));
    }
  }
}
