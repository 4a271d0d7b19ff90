package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The mean hidden state of each answer's tokens at some tap points: what a probe is trained on. A
 * linear readout of the mean is the mean of the readouts, so what is learned here holds for the
 * running mean of a stream. Filled once by a {@link StateReader}, then only read.
 */
public final class AnswerFeatures {
  private final Map<TapPoint, float[][]> means = new TreeMap<>();
  private final int rows;

  /** Of N answers; every row is to be set. */
  public AnswerFeatures(List<TapPoint> points, int rows) {
    this.rows = rows;
    points.forEach(point -> means.put(point, new float[rows][]));
  }

  /** Sets one answer's mean {@code [D]}, which is kept. */
  public void set(TapPoint point, int row, float[] mean) {
    means.get(point)[row] = mean;
  }

  /** N. */
  public int rows() {
    return rows;
  }

  /** One answer's mean {@code [D]}; read only. */
  public float[] mean(TapPoint point, int row) {
    return means(point)[row];
  }

  /** The features {@code [N,K·D]} of K tap points side by side, in the order given; a new array. */
  public double[][] at(List<TapPoint> points) {
    double[][] all = new double[rows][];
    for (int row = 0; row < rows; row++) {
      all[row] = row(points, row);
    }
    return all;
  }

  private double[] row(List<TapPoint> points, int row) {
    int width = means(points.get(0))[row].length;
    double[] values = new double[points.size() * width];
    for (int k = 0; k < points.size(); k++) {
      float[] mean = means(points.get(k))[row];
      for (int i = 0; i < width; i++) {
        values[k * width + i] = mean[i];
      }
    }
    return values;
  }

  private float[][] means(TapPoint point) {
    float[][] at = means.get(point);
    Check.that(
        at != null, "features at " + point, "one of " + means.keySet(), "none", "collect it");
    return at;
  }
}
