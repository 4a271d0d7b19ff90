package dev.plumbline.mitigations;

import dev.plumbline.core.direction.Direction;
import java.util.List;

/** An intervention along one direction: everything orthogonal to it is left alone. */
public sealed interface AlongOne extends Intervention
    permits DirectionalAblation, AblateThenAdd, Steering, Capping {

  /** The direction {@code [D]} along which alone the state changes. */
  Direction direction();

  /** The compiled form. */
  EditCoefficients coefficients();

  @Override
  default List<AxisEdit> edits() {
    return List.of(new AxisEdit(direction(), coefficients()));
  }
}
