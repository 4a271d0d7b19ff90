package dev.plumbline.learn.bench;

import ai.djl.Device;
import dev.plumbline.core.stats.MeanAccumulator;
import java.util.ArrayList;
import java.util.List;

/**
 * What this side keeps of the states: moments of both classes at each tap point, full covariances
 * and the first answers' means at one of them. Closed by its maker.
 */
final class Sums implements AutoCloseable {
  private final int width;
  private final int tap;
  private final List<MeanAccumulator[]> means = new ArrayList<>();
  private final ClassMoments full;
  private final float[] features;
  private long states;

  /**
   * @param points how many tap points
   * @param tap which of them has the covariances and the means
   * @param probed how many answers' means are kept
   */
  Sums(int width, int points, int tap, int probed) {
    this.width = width;
    this.tap = tap;
    this.features = new float[probed * width];
    for (int p = 0; p < points; p++) {
      means.add(new MeanAccumulator[] {new MeanAccumulator(width), new MeanAccumulator(width)});
    }
    this.full = ClassMoments.of(width, Device.cpu());
  }

  /** Takes the states {@code [T,D]} of one answer at a tap point; read, not kept. */
  void add(int point, int answer, boolean worse, float[] values, int from, int tokens) {
    states += tokens;
    means.get(point)[worse ? 1 : 0].add(values, from, tokens);
    if (point == tap) {
      full.add(worse, values, from, tokens);
      if ((answer + 1) * width <= features.length) {
        mean(values, from, tokens, answer);
      }
    }
  }

  private void mean(float[] values, int from, int tokens, int answer) {
    double[] sum = new double[width];
    for (int at = from; at < from + tokens * width; at += width) {
      for (int i = 0; i < width; i++) {
        sum[i] += values[at + i];
      }
    }
    for (int i = 0; i < width; i++) {
      features[answer * width + i] = (float) (sum[i] / tokens);
    }
  }

  /** Sums up what was only gathered so far, so that its time counts as collecting. */
  void settle() {
    full.settle();
  }

  /** Mean differences at every tap point, the whitened direction, and room for the probe's. */
  double[][] directions(double ridge) {
    double[][] directions = new double[means.size() + 2][];
    for (int p = 0; p < means.size(); p++) {
      directions[p] = means.get(p)[1].mean();
      double[] from = means.get(p)[0].mean();
      for (int i = 0; i < width; i++) {
        directions[p][i] -= from[i];
      }
      means.get(p)[0].spread();
    }
    directions[means.size()] = full.whitened(ridge);
    return directions;
  }

  /** The first answers' means {@code [N,D]}; the array itself. */
  float[] features() {
    return features;
  }

  /** States taken, over all tap points. */
  long states() {
    return states;
  }

  @Override
  public void close() {
    full.close();
  }
}
