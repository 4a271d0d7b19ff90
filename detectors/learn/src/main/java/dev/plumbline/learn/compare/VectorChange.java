package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.runtime.Edits;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A steering vector: {@code v} added to what the MLP of one layer writes, for every token, which is
 * the same as to the layer's {@code resid_post}. Its norm is {@code ‖v‖}, whatever it was trained
 * with multiplied in.
 *
 * @param layer 0-based
 * @param vector {@code [D]}; read, not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record VectorChange(String name, int layer, float[] vector) implements Change {
  public VectorChange {
    Check.text(name, "name of a solution");
    Check.finite(vector, "solution " + name);
    Check.that(dot(vector, vector) > 0, "solution " + name, "a vector", "zeros", "train it");
  }

  @Override
  public double norm() {
    return Math.sqrt(dot(vector, vector));
  }

  @Override
  public Applied at(double scale) {
    if (scale == 0) {
      return Applied.NOTHING;
    }
    InterventionPlan plan =
        new InterventionPlan(
            Map.of(TapPoint.residPost(layer), new Steering(Direction.of(vector), scale, norm())),
            TokenRange.ALL);
    return (decoder, rows, use) -> {
      try (Edits edits = decoder.edits(Collections.nCopies(rows, plan))) {
        use.accept(edits, null);
      }
    };
  }

  @Override
  public VectorChange turned(double epsilon, Random random) {
    return new VectorChange(name, layer, Rotation.of(vector, epsilon, random));
  }

  @Override
  public VectorChange random(String as, Random random) {
    float[] drawn = new float[vector.length];
    double[] normal = new double[vector.length];
    double sum = 0;
    for (int i = 0; i < drawn.length; i++) {
      normal[i] = random.nextGaussian();
      sum += normal[i] * normal[i];
    }
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (float) (normal[i] * norm() / Math.sqrt(sum));
    }
    return new VectorChange(as, layer, drawn);
  }

  @Override
  public Object form() {
    return List.of(layer, vector.length);
  }

  @Override
  public double inner(Change other) {
    if (other instanceof VectorChange its && its.vector.length == vector.length) {
      return its.layer == layer ? dot(vector, its.vector) : 0;
    }
    throw Check.refusal(
        "solution " + other.name(),
        "a vector of D " + vector.length,
        "another",
        "compare one kind");
  }

  @Override
  public double innerWriters(Change other) {
    return inner(other);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
