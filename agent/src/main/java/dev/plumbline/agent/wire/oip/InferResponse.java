package dev.plumbline.agent.wire.oip;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model answers.
 *
 * @param version empty for none
 * @param id the request's; empty for none
 */
public record InferResponse(
    String model, String version, String id, Parameters parameters, List<Tensor> outputs) {
  public InferResponse {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(parameters, "parameters");
    outputs = List.copyOf(outputs);
  }

  /** The output of this name. */
  public Optional<Tensor> output(String name) {
    return outputs.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }

  /** The same with an output in place of the one of its name. */
  public InferResponse with(Tensor output) {
    List<Tensor> replaced =
        outputs.stream().map(each -> each.name().equals(output.name()) ? output : each).toList();
    return new InferResponse(model, version, id, parameters, replaced);
  }
}
