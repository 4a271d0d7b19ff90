package dev.plumbline.torch.runtime;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.program.DecoderScript;
import dev.plumbline.torch.program.ScriptModule;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Brings a checkpoint's weights onto a device in the order and fusion the layer program wants.
 *
 * <p>Each tensor goes over in pieces of at most {@link Native#STAGE_FLOATS} values, so the heap
 * never holds more than one piece and the model is never in memory twice.
 */
public final class DecoderLoader {
  /** Rotary tables are made for at most this many positions unless asked otherwise. */
  public static final int DEFAULT_POSITIONS = 8192;

  private final Checkpoint checkpoint;
  private final ModelConfig config;
  private final Precision precision;
  private final PtNDManager manager;
  private final Native natives;

  private DecoderLoader(
      Checkpoint checkpoint, Precision precision, PtNDManager manager, Native natives) {
    this.checkpoint = checkpoint;
    this.config = checkpoint.config();
    this.precision = precision;
    this.manager = manager;
    this.natives = natives;
  }

  /** Loads with the default number of positions. */
  public static Decoder load(Checkpoint checkpoint, Precision precision, Device device) {
    return load(checkpoint, precision, device, DEFAULT_POSITIONS);
  }

  /**
   * Loads a decoder; the checkpoint may be closed afterwards.
   *
   * @param positions the longest sequence wanted; the model's own limit if that is less
   */
  public static Decoder load(
      Checkpoint checkpoint, Precision precision, Device device, int positions) {
    PtNDManager manager = TorchRuntime.start().manager(device);
    try {
      DecoderScript shape = shape(checkpoint.config());
      ScriptModule module = ScriptModule.load(manager, shape.archive());
      Native natives = new Native(manager, module);
      int room = Math.min(positions, checkpoint.config().maxPositions());
      PtNDArray[] weights =
          new DecoderLoader(checkpoint, precision, manager, natives).weights(room);
      return new Decoder(
          manager, module, natives, shape, precision, checkpoint.config().vocab(), room, weights);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  private static DecoderScript shape(ModelConfig c) {
    return new DecoderScript(
        c.layers(),
        c.hidden(),
        c.heads(),
        c.kvHeads(),
        c.headDim(),
        c.rmsNormEps(),
        c.attentionBias(),
        c.outputBias(),
        c.qkNorm(),
        c.slidingWindow());
  }

  private PtNDArray[] weights(int positions) {
    List<PtNDArray> all = new ArrayList<>();
    PtNDArray embed = upload(0, Weight.EMBED);
    all.add(embed);
    all.add(upload(0, Weight.FINAL_NORM));
    all.add(config.tieWordEmbeddings() ? embed : upload(0, Weight.HEAD));
    double[] frequencies = config.ropeScaling().frequencies(config.ropeTheta(), config.headDim());
    RotaryTable table = new RotaryTable(frequencies, positions);
    all.add(natives.cast(manager, table.cos(), precision, positions, config.headDim()));
    all.add(natives.cast(manager, table.signedSin(), precision, positions, config.headDim()));
    for (int layer = 0; layer < config.layers(); layer++) {
      layer(layer, all);
    }
    return all.toArray(PtNDArray[]::new);
  }

  private void layer(int layer, List<PtNDArray> all) {
    all.add(upload(layer, Weight.ATTN_NORM));
    all.add(upload(layer, Weight.Q, Weight.K, Weight.V));
    all.add(upload(layer, Weight.Q_BIAS, Weight.K_BIAS, Weight.V_BIAS));
    all.add(headNorms(layer));
    all.add(upload(layer, Weight.O));
    all.add(upload(layer, Weight.O_BIAS));
    all.add(upload(layer, Weight.MLP_NORM));
    all.add(upload(layer, Weight.GATE, Weight.UP));
    all.add(upload(layer, Weight.DOWN));
    all.add(natives.nothing());
  }

  /** Some weights below each other as one tensor; {@link Native#nothing} if the model has none. */
  private PtNDArray upload(int layer, Weight... parts) {
    if (!config.has(parts[0])) {
      return natives.nothing();
    }
    long rows = Arrays.stream(parts).mapToLong(part -> config.shape(part).get(0)).sum();
    long width = parts[0].matrix() ? config.shape(parts[0]).get(1) : 0;
    PtNDArray whole =
        width == 0
            ? natives.zeros(manager, precision, rows)
            : natives.zeros(manager, precision, rows, width);
    long at = 0;
    for (Weight part : parts) {
      fill(whole, at, layer, part, width);
      at += config.shape(part).get(0);
    }
    return whole;
  }

  private void fill(PtNDArray whole, long at, int layer, Weight part, long width) {
    long rows = config.shape(part).get(0);
    long perRow = Math.max(1, width);
    long step = Math.max(1, Native.STAGE_FLOATS / perRow);
    for (long row = 0; row < rows; row += step) {
      int count = (int) Math.min(step, rows - row);
      float[] piece = new float[Math.toIntExact(count * perRow)];
      checkpoint.read(part, layer, row * perRow, piece, 0, piece.length);
      FloatBuffer data = FloatBuffer.wrap(piece);
      if (width == 0) {
        natives.fillRows(whole, at + row, data, count);
      } else {
        natives.fillRows(whole, at + row, data, count, width);
      }
    }
  }

  /** The q norm for each query head, then the k norm for each key head, [Hq+Hkv,Dh]. */
  private PtNDArray headNorms(int layer) {
    if (!config.qkNorm()) {
      return natives.nothing();
    }
    float[] q = checkpoint.read(Weight.Q_NORM, layer);
    float[] k = checkpoint.read(Weight.K_NORM, layer);
    int heads = config.heads() + config.kvHeads();
    float[] all = new float[heads * config.headDim()];
    for (int head = 0; head < heads; head++) {
      float[] norm = head < config.heads() ? q : k;
      System.arraycopy(norm, 0, all, head * config.headDim(), config.headDim());
    }
    return natives.cast(manager, all, precision, heads, config.headDim());
  }
}
