package dev.plumbline.export.gguf;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import java.util.Optional;

/**
 * How near a control vector's rows come to a direction learned elsewhere, if their numbers mean
 * what a convention says. Evidence for a convention where the two find the same thing; neighbouring
 * layers are near each other too, so small differences say nothing.
 *
 * @param convention what N is taken for
 * @param rows compared: where the direction has the tap point
 * @param meanCosine mean |cosine|, 0 for no rows
 */
public record ConventionEvidence(LayerConvention convention, int rows, double meanCosine) {
  /** Compares all rows that are not zero. */
  public static ConventionEvidence of(
      ControlVectorFile file, Artefact artefact, LayerConvention convention) {
    double sum = 0;
    int rows = 0;
    for (int n : file.numbers()) {
      Optional<TapDirection> tap = at(artefact, convention.tapPoint(n));
      float[] row = file.row(n);
      if (tap.isPresent() && !zero(row)) {
        sum += Math.abs(tap.get().direction().cosine(Direction.of(row)));
        rows++;
      }
    }
    return new ConventionEvidence(convention, rows, rows == 0 ? 0 : sum / rows);
  }

  private static Optional<TapDirection> at(Artefact artefact, TapPoint point) {
    boolean outside = point.site() == Site.RESID_POST && point.layer() >= artefact.model().layers();
    return outside ? Optional.empty() : artefact.direction(point);
  }

  private static boolean zero(float[] row) {
    for (float value : row) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
