package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.Site;
import dev.plumbline.torch.checkpoint.file.GgufWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.List;

/**
 * A push along one direction at the output of one block, {@code h' = h + k·s·d}, as a control
 * vector file. Of one block, because pushes stay in the stream and add up.
 *
 * @param modelHint the base's {@code general.architecture}
 * @param layers L of the base
 * @param layer the block, 0-based
 * @param direction d
 * @param length k·s, in residual units; negative pushes towards aligned
 */
public record ControlVector(
    String modelHint, int layers, int layer, Direction direction, double length) {
  private static final String KEY = "controlvector.";

  public ControlVector {
    Check.text(modelHint, "architecture of a control vector");
    Check.that(
        layer >= 0 && layer < layers,
        "layer of a control vector",
        "0 to " + (layers - 1),
        layer,
        "choose a layer of the model");
    Check.that(
        Double.isFinite(length) && length != 0 && Float.isFinite((float) length),
        "length of a control vector",
        "a finite number other than 0",
        length,
        "use no control vector for 0");
  }

  /**
   * The push of k standard deviations of the aligned projection.
   *
   * @throws IllegalArgumentException if the direction is not at the output of a block
   */
  public static ControlVector of(
      String modelHint, int layers, TapDirection tap, double coefficient) {
    Check.that(
        tap.tapPoint().site() == Site.RESID_POST,
        "tap point of a control vector",
        "resid_post.LAYER: servers add it to a block's output",
        tap.tapPoint(),
        "steer in the forward pass");
    return new ControlVector(
        modelHint,
        layers,
        tap.tapPoint().layer(),
        tap.direction(),
        coefficient * tap.alignedSpread());
  }

  /**
   * Writes it for llama.cpp, whose convention is known: {@code direction.N} is added to the output
   * of block N, 0-based, N from 1 on. With a scale of 1 the push is {@link #length}.
   *
   * @throws IllegalArgumentException for layer 0, which llama.cpp never changes
   */
  public void writeForLlamaCpp(Path out) {
    Check.that(
        layer >= ControlVectorDialect.LLAMA_CPP.first(),
        "layer of a control vector for llama.cpp",
        "1 or above",
        layer,
        "llama.cpp changes no output of block 0: choose another tap point");
    double[] exact = direction.exact();
    float[] row = new float[exact.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (length * exact[i]);
    }
    write(out, new GgufWriter(), layer, row);
  }

  /**
   * Writes it for EasySteer: a row of length 1, to be loaded with a scale of {@link #length}.
   *
   * @param convention what the server takes N for, as tried with it
   */
  public void writeForEasySteer(Path out, LayerConvention convention) {
    GgufWriter writer = new GgufWriter().text(KEY + "method", "plumbline");
    write(out, writer, convention.number(layer), direction.components());
  }

  private void write(Path out, GgufWriter writer, int number, float[] row) {
    writer
        .text("general.architecture", "controlvector")
        .text(KEY + "model_hint", modelHint)
        .i32(KEY + "layer_count", layers)
        .tensor("direction." + number, TensorType.F32, List.of((long) row.length), () -> row)
        .write(out);
  }
}
