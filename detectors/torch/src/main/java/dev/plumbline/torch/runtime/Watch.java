package dev.plumbline.torch.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What is read in a forward pass: whole hidden states at some tap points, and linear readouts whose
 * numbers alone leave the device. Compiled once, used by any number of passes; closed by its maker.
 * A read sees the state before an edit at the same point.
 */
public final class Watch implements AutoCloseable {
  private static final int READ = 1;
  private static final int READ_OUT = 2;

  private final PtNDManager manager;
  private final List<TapPoint> taps;
  private final int readouts;
  private final long[] flags;
  private final IValue heads;
  private final double[] biases;

  Watch(
      PtNDManager parent,
      Native natives,
      int layers,
      int width,
      List<TapPoint> taps,
      List<Readout> readouts) {
    readouts.forEach(readout -> requireWidth(readout, width));
    this.manager = (PtNDManager) parent.newSubManager();
    this.flags = new long[2 * layers + 2];
    this.taps = inForwardOrder(taps, layers);
    this.readouts = readouts.size();
    this.biases = readouts.stream().mapToDouble(Readout::bias).toArray();
    this.taps.forEach(tap -> flags[tap.streamIndex(layers)] |= READ);
    readouts.forEach(r -> r.tapPoints().forEach(p -> flags[p.streamIndex(layers)] |= READ_OUT));
    this.heads = IValue.listFrom(heads(natives, layers, readouts));
  }

  private static void requireWidth(Readout readout, int width) {
    if (readout.size() != width) {
      throw new IllegalArgumentException(
          "readout "
              + readout.name()
              + ": wanted weights of the model's width "
              + width
              + ", found "
              + readout.size()
              + "; use an artefact learned on this model");
    }
  }

  private static List<TapPoint> inForwardOrder(List<TapPoint> taps, int layers) {
    TreeSet<TapPoint> order =
        new TreeSet<>((a, b) -> Integer.compare(a.streamIndex(layers), b.streamIndex(layers)));
    taps.forEach(tap -> order.add(tap.canonical(layers)));
    return List.copyOf(order);
  }

  private PtNDArray[] heads(Native natives, int layers, List<Readout> readouts) {
    List<PtNDArray> heads = new ArrayList<>();
    for (int s = 0; s < flags.length; s++) {
      heads.add(
          (flags[s] & READ_OUT) == 0
              ? natives.nothing()
              : head(natives, TapPoint.fromStreamIndex(s, layers), layers, readouts));
    }
    return heads.toArray(PtNDArray[]::new);
  }

  /** The weights [K,D] of all readouts at one point, zero rows for those that do not read there. */
  private PtNDArray head(Native natives, TapPoint point, int layers, List<Readout> readouts) {
    int width = readouts.get(0).size();
    float[] rows = new float[readouts.size() * width];
    for (int k = 0; k < readouts.size(); k++) {
      for (TapPoint tap : readouts.get(k).tapPoints()) {
        if (tap.canonical(layers).equals(point)) {
          add(rows, k * width, readouts.get(k).weights(tap));
        }
      }
    }
    return natives.floats(manager, rows, readouts.size(), width);
  }

  private static void add(float[] into, int at, float[] row) {
    for (int i = 0; i < row.length; i++) {
      into[at + i] += row[i];
    }
  }

  /** The tap points whose whole states are read, in forward order. */
  public List<TapPoint> taps() {
    return taps;
  }

  /** K, the number of readouts. */
  public int readouts() {
    return readouts;
  }

  double bias(int readout) {
    return biases[readout];
  }

  long flag(int streamIndex) {
    return flags[streamIndex];
  }

  IValue heads() {
    return heads;
  }

  @Override
  public void close() {
    heads.close();
    manager.close();
  }
}
