package dev.plumbline.agent.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The agent as a model of the Open Inference Protocol.
 *
 * @param listen a port of its own
 * @param sharedMemory whether tensors may lie in shared memory
 * @param regionBytes largest tensor taken from there
 * @param queue calls waiting or at work
 * @param sequences under way at one time
 * @param sequenceIdle one without a call is forgotten
 */
public record OipSettings(
    AgentConfig.Listen listen,
    boolean sharedMemory,
    int regionBytes,
    int queue,
    int sequences,
    Duration sequenceIdle) {
  static Optional<OipSettings> of(Values values) {
    return values.find(Key.OIP_PORT, Integer.class).map(port -> of(port, values));
  }

  private static OipSettings of(int port, Values values) {
    return new OipSettings(
        new AgentConfig.Listen(values.get(Key.OIP_HOST, String.class), port),
        values.get(Key.OIP_SHARED_MEMORY, Boolean.class),
        values.get(Key.STATES_BYTES, Integer.class),
        values.get(Key.OIP_QUEUE, Integer.class),
        values.get(Key.OIP_SEQUENCES, Integer.class),
        values.get(Key.OIP_SEQUENCE_IDLE, Duration.class));
  }
}
