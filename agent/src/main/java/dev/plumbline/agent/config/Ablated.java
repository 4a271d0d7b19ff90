package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How origins are asked for answers without the direction, and how that is checked.
 *
 * @param model the variant's name, {@code {model}} in it stands for the origin's model
 * @param loraId llama.cpp's number, where it is not found by its path
 * @param origin who serves the ablated model, where another origin does
 * @param host whose calls load the adapter; absent where nothing is loaded
 * @param adapter its folder or file as the agent sees it
 * @param servedAdapter the same as the server sees it
 * @param checkEvery between two looks whether it is still there
 * @param verify how it is measured
 */
public record Ablated(
    AblatedVia via,
    String model,
    OptionalInt loraId,
    Optional<String> origin,
    Optional<AdapterHost> host,
    Optional<Path> adapter,
    Optional<String> servedAdapter,
    Duration checkEvery,
    Verify verify) {
  /**
   * @param prompts one a line; absent for the agent's own
   * @param fall least share of the projection that has to be gone
   * @param floor least projection without the adapter, in spreads of aligned traffic
   * @param tokens of one answer
   * @param every between two measurements
   * @param patience for one answer
   */
  public record Verify(
      VerifyBy by,
      Optional<Path> prompts,
      double fall,
      double floor,
      int tokens,
      Duration every,
      Duration patience) {}

  /** Whether there is any way at all. */
  public boolean on() {
    return via != AblatedVia.OFF;
  }

  /** Whether a client's own request can be made one for an ablated answer. */
  public boolean rewrites() {
    return on() && via != AblatedVia.ORIGIN;
  }

  /** The adapter's path for the server; empty where there is none. */
  public String path() {
    return servedAdapter.or(() -> adapter.map(Path::toString)).orElse("");
  }

  static Ablated of(Values values) {
    return new Ablated(
        values.get(Key.ABLATED_VIA, AblatedVia.class),
        values.get(Key.ABLATED_MODEL, String.class),
        values
            .find(Key.ABLATED_LORA_ID, Integer.class)
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty()),
        values.find(Key.ABLATED_ORIGIN, String.class),
        values.find(Key.ABLATED_SERVER, AdapterHost.class),
        values.find(Key.ABLATED_ADAPTER, Path.class),
        values.find(Key.ABLATED_SERVED_ADAPTER, String.class),
        values.get(Key.ABLATED_CHECK_INTERVAL, Duration.class),
        new Verify(
            values.get(Key.ABLATED_VERIFY_BY, VerifyBy.class),
            values.find(Key.ABLATED_VERIFY_PROMPTS, Path.class),
            values.get(Key.ABLATED_VERIFY_FALL, Double.class),
            values.get(Key.ABLATED_VERIFY_FLOOR, Double.class),
            values.get(Key.ABLATED_VERIFY_TOKENS, Integer.class),
            values.get(Key.ABLATED_VERIFY_INTERVAL, Duration.class),
            values.get(Key.ABLATED_VERIFY_DEADLINE, Duration.class)));
  }
}
