package dev.plumbline.torch.runtime;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.reference.Golden;
import dev.plumbline.torch.reference.ReferenceDecoder;
import dev.plumbline.torch.reference.ReferenceEdit;
import dev.plumbline.torch.reference.ReferenceFolder;
import dev.plumbline.torch.reference.ReferenceTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** The tiny random decoders of the fixtures, in the runtime and in the float64 reference. */
public final class TinyModel {
  private TinyModel() {}

  /** A decoder of a fixture; closed by the caller. */
  public static Decoder decoder(String name, Precision precision) {
    return decoder(name, precision, Device.cpu());
  }

  public static Decoder decoder(String name, Precision precision, Device device) {
    try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(name))) {
      return DecoderLoader.load(checkpoint, precision, device);
    }
  }

  /** {@code llama_tied} with the fixture adapter {@code rank2} loaded under that name. */
  public static Decoder adapted() {
    try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama_tied"))) {
      Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
      PeftAdapter adapter = PeftAdapter.open(Golden.adapter("rank2"), checkpoint.config());
      decoder.adapters().add("rank2", PeftAdapters.fuse(adapter, checkpoint.config()));
      return decoder;
    }
  }

  /** The float64 forward of a fixture under a plan. */
  public static ReferenceTrace reference(String name, long[] tokens, InterventionPlan plan) {
    return reference(name, tokens, plan, new double[2]);
  }

  /**
   * The same, noting what the plan changed.
   *
   * @param change receives the sum of |p' − p| and its maximum
   */
  public static ReferenceTrace reference(
      String name, long[] tokens, InterventionPlan plan, double[] change) {
    try {
      int layers = ReferenceFolder.config(Golden.folder(name)).layers();
      ReferenceDecoder decoder =
          new ReferenceDecoder(
              ReferenceFolder.config(Golden.folder(name)),
              ReferenceFolder.weights(Golden.folder(name))::vector);
      int[] ids = Arrays.stream(tokens).mapToInt(Math::toIntExact).toArray();
      return decoder.forward(ids, edit(plan, layers, change));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ReferenceEdit edit(InterventionPlan plan, int layers, double[] change) {
    Map<TapPoint, Intervention> at = plan.interventions();
    return (index, position, h) -> {
      TapPoint point = TapPoint.fromStreamIndex(index, layers);
      if (plan.touches(point, position)) {
        double removed = at.get(point).receipt(h).removed();
        change[0] += removed;
        change[1] = Math.max(change[1], removed);
        System.arraycopy(at.get(point).apply(h), 0, h, 0, h.length);
      }
    };
  }

  /** A seeded random direction. */
  public static Direction direction(int width, long seed) {
    Random random = new Random(seed);
    return Direction.of(random.doubles(width, -1, 1).toArray());
  }

  /** Seeded token ids. */
  public static long[] tokens(int count, int vocabulary, long seed) {
    return new Random(seed).longs(count, 0, vocabulary).toArray();
  }

  /** ‖found − wanted‖ / ‖wanted‖ over whole arrays (Frobenius). */
  public static double distance(double[] found, double[] wanted) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < wanted.length; i++) {
      error += (found[i] - wanted[i]) * (found[i] - wanted[i]);
      norm += wanted[i] * wanted[i];
    }
    return Math.sqrt(error / norm);
  }

  public static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /** Rows of a matrix one after the other. */
  public static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Native arrays that live below the decoder's manager, managers themselves not counted. */
  public static int arrays(Decoder decoder) {
    return arrays(decoder.manager());
  }

  private static int arrays(NDManager manager) {
    try {
      java.lang.reflect.Field field =
          ai.djl.ndarray.BaseNDManager.class.getDeclaredField("resources");
      field.setAccessible(true);
      int count = 0;
      for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
        count +=
            resource instanceof NDManager child
                ? arrays(child)
                : resource instanceof NDArray ? 1 : 0;
      }
      return count;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
