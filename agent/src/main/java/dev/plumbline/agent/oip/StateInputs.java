package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which input was read where. {@code hidden_states} is of the tap point the parameters name, or of
 * the only one there is; {@code hidden_states.resid_post.12} names its own. A tensor for each tap
 * point, since {@code [T,P,D]} could not be told from {@code [1,T,D]}.
 */
final class StateInputs {
  static final String NAME = "hidden_states";

  private final OipModel model;
  private final Ask ask;

  StateInputs(OipModel model, Ask ask) {
    this.model = model;
    this.ask = ask;
  }

  Map<TapPoint, Tensor> of(List<Tensor> inputs) {
    Map<TapPoint, Tensor> found = new TreeMap<>();
    for (Tensor input : inputs) {
      if (found.put(point(input.name()), input) != null) {
        throw Refusal.invalid("inputs: wanted each tap point once, found one twice; drop one");
      }
    }
    if (found.isEmpty()) {
      throw Refusal.invalid("inputs: wanted " + NAME + ", found none; add it");
    }
    return found;
  }

  private TapPoint point(String name) {
    TapPoint point;
    if (name.equals(NAME)) {
      point = ask.point().orElseGet(this::only);
    } else if (name.startsWith(NAME + ".")) {
      point = parse(name.substring(NAME.length() + 1));
    } else {
      throw Refusal.invalid(
          "inputs: wanted %s or %s.SITE.LAYER, found another name".formatted(NAME, NAME));
    }
    return known(point);
  }

  private static TapPoint parse(String text) {
    try {
      return TapPoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("inputs: " + e.getMessage());
    }
  }

  private TapPoint only() {
    Artefact artefact = model.artefact();
    Set<TapPoint> read = artefact.probe().readout().tapPoints();
    if (read.size() != 1) {
      throw Refusal.invalid(
          "input "
              + NAME
              + ": wanted layer and site, or an input for each of "
              + model.points()
              + ", found neither; name the tap point");
    }
    return read.iterator().next();
  }

  private TapPoint known(TapPoint point) {
    int layers = model.artefact().model().layers();
    boolean within = point.layer() < layers;
    if (!within || !model.points().contains(point.canonical(layers))) {
      throw Refusal.invalid(
          "parameters layer and site: wanted one of "
              + model.points()
              + ", found "
              + point
              + "; direction "
              + model.artefact().name()
              + " was learned at those");
    }
    return point.canonical(layers);
  }
}
