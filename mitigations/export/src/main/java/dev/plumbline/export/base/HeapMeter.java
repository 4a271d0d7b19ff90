package dev.plumbline.export.base;

/**
 * Counts the arrays of weights that an export holds at once, in bytes. Exports are bounded by one
 * piece of a tensor and a few vectors as long as a tensor's side; this is the number that would
 * move if one were not. One thread.
 */
public final class HeapMeter {
  private long live;
  private long most;

  float[] floats(int count) {
    hold(4L * count);
    return new float[count];
  }

  double[] doubles(int count) {
    hold(8L * count);
    return new double[count];
  }

  /** Takes note of bytes that are held until {@link #release}. */
  public void hold(long bytes) {
    live += bytes;
    most = Math.max(most, live);
  }

  /** They are not held any longer. */
  public void release(long bytes) {
    live -= bytes;
  }

  /** The most that was held at once. */
  public long most() {
    return most;
  }

  /** What is held now; 0 between exports. */
  public long live() {
    return live;
  }
}
