package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.core.residual.TapPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the server tells of itself and its model. A tensor of the protocol has one datatype: FP32 is
 * told, FP16 and BF16 are taken too. With several tap points, the input of each is told beside the
 * one that needs {@code layer} and {@code site}.
 */
record ModelFacts(List<TensorFacts> inputs, List<TensorFacts> outputs) {
  static final String PLATFORM = "plumbline_direction";
  static final String SERVER = "plumbline";

  /** A tensor; −1 in its shape is any size. */
  record TensorFacts(String name, Datatype datatype, List<Long> shape) {}

  static ModelFacts of(OipModel model) {
    List<Long> states = List.of(-1L, (long) model.hidden());
    List<TensorFacts> inputs = new ArrayList<>();
    List<TensorFacts> outputs = new ArrayList<>();
    inputs.add(new TensorFacts(StateInputs.NAME, Datatype.FP32, states));
    along(outputs, "", states);
    if (model.points().size() > 1) {
      for (TapPoint point : model.points()) {
        inputs.add(new TensorFacts(StateInputs.NAME + "." + point, Datatype.FP32, states));
        model.artefact().direction(point).ifPresent(tap -> along(outputs, "." + point, states));
      }
    }
    outputs.add(new TensorFacts("score", Datatype.FP32, List.of(1L)));
    outputs.add(new TensorFacts("verdict", Datatype.BYTES, List.of(1L)));
    return new ModelFacts(List.copyOf(inputs), List.copyOf(outputs));
  }

  /** What only a tap point with a direction has. */
  private static void along(List<TensorFacts> outputs, String suffix, List<Long> states) {
    outputs.add(new TensorFacts("projection" + suffix, Datatype.FP32, List.of(-1L)));
    outputs.add(new TensorFacts(StateInputs.NAME + suffix, Datatype.FP32, states));
  }

  static List<String> extensions(boolean sharedMemory) {
    List<String> always =
        List.of(
            "binary_tensor_data", "model_configuration", "parameters", "sequence", "statistics");
    List<String> all = new ArrayList<>(always);
    if (sharedMemory) {
      all.add("system_shared_memory");
    }
    return all;
  }

  static String serverVersion() {
    return Optional.ofNullable(ModelFacts.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }

  /** A datatype's name in a model configuration. */
  static String configName(Datatype type) {
    return "TYPE_" + (type == Datatype.BYTES ? "STRING" : type.name());
  }
}
