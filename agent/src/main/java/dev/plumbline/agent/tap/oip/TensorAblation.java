package dev.plumbline.agent.tap.oip;

import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.Floats;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Receipt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes an artefact's directions out of tensors of hidden states, to the aligned mean of each tap
 * point, in float64; the result is rounded once, to the tensor's own datatype. Immutable.
 */
final class TensorAblation {
  /** By index of the tap point; empty where the artefact has no direction. */
  private final List<Optional<DirectionalAblation>> ablations = new ArrayList<>();

  private final int hidden;

  /** A tensor without the direction, and the proof. */
  record Ablated(Tensor tensor, Receipt receipt) {}

  TensorAblation(Artefact artefact, List<TapPoint> points) {
    this.hidden = artefact.model().hidden();
    for (TapPoint point : points) {
      ablations.add(
          artefact
              .direction(point)
              .map(tap -> DirectionalAblation.affine(tap.direction(), tap.alignedMean())));
    }
  }

  /** Whether there is a direction at any tap point. */
  boolean possible() {
    return ablations.stream().anyMatch(Optional::isPresent);
  }

  /**
   * The tensor without the direction, of all its tokens.
   *
   * @throws Unusable when its width is another model's, or a state is no number
   */
  Ablated of(HiddenTensor states) throws Unusable {
    if (states.hidden() != hidden) {
      throw new Unusable(
          UnscoredReason.WRONG_MODEL, "D = " + hidden, states.hidden(), "use its own direction");
    }
    ByteBuffer from = states.bytes();
    ByteBuffer changed = ByteBuffer.allocate(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    changed.put(from.duplicate()).flip();
    Datatype type = states.numbers();
    int rows = states.tokens() * states.points();
    double[] state = new double[hidden];
    Receipt receipt = Receipt.NONE;
    for (int row = 0; row < rows; row++) {
      Optional<DirectionalAblation> ablation = ablations.get(row % states.points());
      if (ablation.isPresent()) {
        read(type, changed, row, state);
        write(type, changed, row, ablation.get().apply(state));
        receipt = receipt.merge(receipt(ablation.get(), state));
      }
    }
    Tensor tensor = states.tensor().with(new Tensor.Elements(changed));
    return new Ablated(tensor, receipt);
  }

  private static Receipt receipt(DirectionalAblation ablation, double[] state) throws Unusable {
    double projection = ablation.direction().dot(state);
    if (!Double.isFinite(projection)) {
      throw new Unusable(
          UnscoredReason.DEVICE_ERROR, "numbers", "NaN or infinity", "look at the model");
    }
    return ablation.receipt(state);
  }

  private void read(Datatype type, ByteBuffer bytes, int row, double[] into) {
    for (int i = 0; i < hidden; i++) {
      into[i] = Floats.read(type, bytes, row * hidden + i);
    }
  }

  private void write(Datatype type, ByteBuffer bytes, int row, double[] values) {
    for (int i = 0; i < hidden; i++) {
      Floats.write(type, bytes, row * hidden + i, values[i]);
    }
  }
}
