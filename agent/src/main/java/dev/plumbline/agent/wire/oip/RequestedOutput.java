package dev.plumbline.agent.wire.oip;

import java.util.Objects;
import java.util.Optional;

/**
 * An output a request asks for.
 *
 * @param parameters without those of the shared memory extension
 * @param region where it is to be put; absent when it is to come along
 */
public record RequestedOutput(String name, Parameters parameters, Optional<SharedMemory> region) {
  public RequestedOutput {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(region, "region");
  }

  /** One that is to come along. */
  public static RequestedOutput of(String name) {
    return new RequestedOutput(name, Parameters.NONE, Optional.empty());
  }

  /** Whether it is to come in binary, where the request as a whole says {@code otherwise}. */
  public boolean binary(boolean otherwise) {
    return parameters.flag(Parameters.BINARY_DATA).orElse(otherwise);
  }
}
