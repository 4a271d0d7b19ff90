package dev.plumbline.torch.runtime;

import ai.djl.ndarray.NDArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The only way from the device to the heap, so that what leaves the device can be counted: bytes
 * copied since the process began. Thread-safe.
 */
public final class Host {
  private static final AtomicLong BYTES = new AtomicLong();

  private Host() {}

  /** Bytes copied from the device to the heap so far. */
  public static long bytesCopied() {
    return BYTES.get();
  }

  static float[] floats(NDArray array) {
    float[] values = array.toFloatArray();
    BYTES.addAndGet(4L * values.length);
    return values;
  }

  /**
   * The same into an array that is kept between copies.
   *
   * @return {@code into} with the values first, or a new array where it is too short
   */
  static float[] floats(NDArray array, float[] into) {
    int count = Math.toIntExact(array.size());
    float[] values = into.length >= count ? into : new float[count];
    array.toByteBuffer(true).asFloatBuffer().get(values, 0, count);
    BYTES.addAndGet(4L * count);
    return values;
  }

  static double[] doubles(NDArray array) {
    double[] values = array.toDoubleArray();
    BYTES.addAndGet(8L * values.length);
    return values;
  }

  static long[] longs(NDArray array) {
    long[] values = array.toLongArray();
    BYTES.addAndGet(8L * values.length);
    return values;
  }
}
