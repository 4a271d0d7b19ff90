package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.runtime.MlpVector;
import dev.plumbline.torch.runtime.Trainee;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A steering vector, added to what one layer's MLP writes; its folder: {@link SteeringFolder}. */
public record VectorSolution(MlpVector vector) implements Solution {
  public VectorSolution {
    Objects.requireNonNull(vector, "vector");
  }

  /**
   * The same as an intervention: {@code h + α‖v‖·v/‖v‖} at the layer's {@code resid_post}, every
   * token. Nothing where v is 0.
   */
  public InterventionPlan plan() {
    double length = norm();
    if (length == 0) {
      return InterventionPlan.none();
    }
    Direction direction = Direction.of(vector.values());
    Steering push = new Steering(direction, Math.signum(vector.scale()), length);
    return new InterventionPlan(Map.of(TapPoint.residPost(vector.layer()), push), TokenRange.ALL);
  }

  @Override
  public Map<String, Double> norms() {
    double sum = 0;
    for (float value : vector.values()) {
      sum += (double) value * value;
    }
    double length = Math.abs(vector.scale()) * Math.sqrt(sum);
    return Map.of("layer " + vector.layer() + " down_proj output", length);
  }

  @Override
  public double scale() {
    return vector.scale();
  }

  @Override
  public VectorSolution scaled(double factor) {
    return with(List.of(times(vector.values(), factor)));
  }

  static float[] times(float[] values, double factor) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (factor * values[i]);
    }
    return scaled;
  }

  @Override
  public List<float[]> values() {
    return List.of(vector.values());
  }

  @Override
  public VectorSolution with(List<float[]> values) {
    Check.size(1, values.size(), "arrays of a steering vector");
    Check.size(vector.values().length, values.get(0).length, "width of a steering vector");
    return new VectorSolution(new MlpVector(vector.layer(), vector.scale(), values.get(0)));
  }

  @Override
  public Trainee trainee(ModelConfig config) {
    return Trainee.vector(vector);
  }

  @Override
  public void write(Path folder, String baseModel) {
    SteeringFolder.write(folder, vector, baseModel);
  }

  @Override
  public String folderName() {
    return "steering";
  }
}
