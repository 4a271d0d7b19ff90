package dev.plumbline.agent.wire.oip;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model is asked.
 *
 * @param model empty where the path names it
 * @param version empty for any
 * @param id the client's; empty for none
 * @param outputs those wanted; empty for all
 */
public record InferRequest(
    String model,
    String version,
    String id,
    Parameters parameters,
    List<Tensor> inputs,
    List<RequestedOutput> outputs) {
  public InferRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(parameters, "parameters");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The input of this name. */
  public Optional<Tensor> input(String name) {
    return inputs.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }

  /** What is asked of an output; absent when others are asked for. */
  public Optional<RequestedOutput> output(String name) {
    return outputs.isEmpty()
        ? Optional.of(RequestedOutput.of(name))
        : outputs.stream().filter(output -> output.name().equals(name)).findFirst();
  }

  /** Whether the REST answer has this output in binary. */
  public boolean binary(String output) {
    boolean all = parameters.flag(Parameters.BINARY_DATA_OUTPUT).orElse(false);
    return output(output).map(asked -> asked.binary(all)).orElse(all);
  }
}
