package dev.plumbline.torch.runtime;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.torch.program.DecoderScript;
import dev.plumbline.torch.program.ScriptArchive;
import dev.plumbline.torch.program.ScriptModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What a decoder's weights allow on this machine, measured on those weights: how long it takes to
 * read them once, and to do its matrix products and nothing else. The roofline of a forward pass
 * (Williams et al. 2009) is made of these two.
 *
 * <p>Decoder's thread only; closed by its maker before the decoder.
 */
public final class WeightProbe implements AutoCloseable {
  private static final int REPEATS = 20;

  private final PtNDManager manager;
  private final ScriptModule module;
  private final DecoderScript shape;
  private final int bytes;
  private final long vocabulary;
  private final long inner;

  WeightProbe(Decoder decoder) {
    this.manager = (PtNDManager) decoder.manager().newSubManager();
    this.module = load(manager);
    this.shape = decoder.shape();
    this.bytes = decoder.precision().bytes();
    this.vocabulary = decoder.vocabulary();
    PtNDArray[] weights = decoder.weights();
    this.inner = weights[13].getShape().get(1);
    try (IValue list = IValue.listFrom(weights)) {
      module.call("attach", list).close();
    }
  }

  static ScriptModule load(PtNDManager manager) {
    return ScriptModule.load(manager, ScriptArchive.of("Probe", text()));
  }

  private static String text() {
    try (InputStream in = DecoderScript.class.getResourceAsStream("probe.torchscript")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the probe's program is missing from this build", e);
    }
  }

  /** Values in the matrices of one layer: the multiplications a token needs there. */
  public long layerValues() {
    long qkv = (shape.heads() + 2L * shape.kvHeads()) * shape.headDim() * shape.hidden();
    long out = (long) shape.heads() * shape.headDim() * shape.hidden();
    return qkv + out + 3 * inner * shape.hidden();
  }

  /** Values in the head. */
  public long headValues() {
    return vocabulary * shape.hidden();
  }

  /** Bytes of weights that one generated token needs: every layer and the head. */
  public long bytes() {
    return bytes * (shape.layers() * layerValues() + headValues());
  }

  /** Seconds to read {@link #bytes} once. */
  public double sweep() {
    return timed("sweep");
  }

  /**
   * Seconds of the matrix products over {@code rows} tokens through the first layers.
   *
   * @param head whether the head's product is among them
   */
  public double products(int rows, int layers, boolean head) {
    try (IValue r = IValue.from((long) rows);
        IValue l = IValue.from((long) layers);
        IValue h = IValue.from(head)) {
      return timed("products", r, l, h);
    }
  }

  /** The result is fetched, so that a device has finished when the time is taken. */
  private double timed(String method, IValue... arguments) {
    long begin = System.nanoTime();
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue result = module.call(method, arguments)) {
      Host.floats(result.toTensor(scratch));
    }
    return (System.nanoTime() - begin) * 1e-9;
  }

  /**
   * Bytes a second that a plain float32 copy moves, reads and writes counted.
   *
   * @param rows of width D
   */
  public double copyBandwidth(long rows) {
    Shape size = new Shape(rows, shape.hidden());
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue from = IValue.from((PtNDArray) scratch.ones(size));
        IValue into = IValue.from((PtNDArray) scratch.zeros(size));
        IValue times = IValue.from((long) REPEATS)) {
      timed("copy", into, from, times);
      return 8.0 * rows * shape.hidden() * REPEATS / timed("copy", into, from, times);
    }
  }

  /** Bytes a second that the readout of one direction moves, float32, as {@link #copyBandwidth}. */
  public double projectionBandwidth(long rows) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue x = IValue.from((PtNDArray) scratch.ones(new Shape(rows, shape.hidden())));
        IValue d = IValue.from((PtNDArray) scratch.ones(new Shape(1, shape.hidden())));
        IValue times = IValue.from((long) REPEATS)) {
      timed("project", x, d, times);
      return 4.0 * rows * (shape.hidden() + 1) * REPEATS / timed("project", x, d, times);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
