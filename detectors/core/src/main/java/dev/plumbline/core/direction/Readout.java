package dev.plumbline.core.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A linear readout of one token over one or more tap points: {@code r = Σ_k w_k·h_k + bias}.
 *
 * <p>What the runtime evaluates at each token; only the number r leaves the device. Immutable;
 * weights {@code [D]} per tap point are copied in and out. {@link #evaluate} is the float64
 * reference.
 */
public final class Readout {

  private final String name;
  private final TreeMap<TapPoint, float[]> weights = new TreeMap<>();
  private final double bias;
  private final int size;

  public Readout(String name, Map<TapPoint, float[]> weights, double bias) {
    this.name = Check.text(name, "readout name");
    this.bias = Check.finite(bias, "bias of readout " + name);
    Check.that(
        !weights.isEmpty(), "readout " + name, "at least one tap point", "none", "add weights");
    weights.forEach((point, w) -> this.weights.put(point, Check.finite(w.clone(), where(point))));
    this.size = this.weights.firstEntry().getValue().length;
    this.weights.forEach((point, w) -> Check.size(size, w.length, where(point)));
  }

  /** The plain projection on a direction at one tap point. */
  public static Readout projection(String name, TapPoint point, Direction direction) {
    return new Readout(name, Map.of(point, direction.components()), 0);
  }

  public String name() {
    return name;
  }

  /** D. */
  public int size() {
    return size;
  }

  public double bias() {
    return bias;
  }

  /** The tap points, in forward order. */
  public Set<TapPoint> tapPoints() {
    return Collections.unmodifiableSet(weights.keySet());
  }

  /** The weights {@code [D]} at one tap point, copied. */
  public float[] weights(TapPoint point) {
    return at(weights, point).clone();
  }

  /**
   * The float64 reference.
   *
   * @param hidden one token's hidden state {@code [D]} for each tap point; more may be there; read,
   *     not kept
   */
  public double evaluate(Map<TapPoint, float[]> hidden) {
    double sum = bias;
    for (Map.Entry<TapPoint, float[]> entry : weights.entrySet()) {
      float[] h = at(hidden, entry.getKey());
      Check.size(size, h.length, where(entry.getKey()));
      sum += dot(entry.getValue(), h);
    }
    return sum;
  }

  private static double dot(float[] w, float[] h) {
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      sum += (double) w[i] * h[i];
    }
    return sum;
  }

  private float[] at(Map<TapPoint, float[]> values, TapPoint point) {
    float[] value = values.get(point);
    Check.that(value != null, "readout " + name, "a value at " + point, "none", "tap that point");
    return value;
  }

  private String where(TapPoint point) {
    return "readout " + name + " at " + point;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Readout readout
        && name.equals(readout.name)
        && Double.compare(bias, readout.bias) == 0
        && weights.keySet().equals(readout.weights.keySet())
        && weights.keySet().stream()
            .allMatch(point -> Arrays.equals(weights.get(point), readout.weights.get(point)));
  }

  @Override
  public int hashCode() {
    int hash = name.hashCode() * 31 + Double.hashCode(bias);
    for (Map.Entry<TapPoint, float[]> entry : weights.entrySet()) {
      hash += entry.getKey().hashCode() ^ Arrays.hashCode(entry.getValue());
    }
    return hash;
  }

  @Override
  public String toString() {
    return "Readout[" + name + " over " + weights.keySet() + ", D=" + size + "]";
  }
}
