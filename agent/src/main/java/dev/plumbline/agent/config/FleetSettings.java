package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How state is shared with other agents.
 *
 * @param name of the fleet; part of what commands sign
 * @param listen address that members connect to
 * @param advertise {@code HOST:PORT} told to others where it is another
 * @param members {@code HOST:PORT} of agents; empty where they are found by a name
 * @param serviceDns the name whose addresses are the agents
 * @param expected members below which there is an alarm, this one counted
 * @param grace wait for them
 * @param trustedKeys files of public keys
 * @param state folder that keeps what was accepted
 * @param commandAge a command told by a member counts so long after its issue
 * @param quorum members whose finding activates a route
 * @param hold a route that others activated stays so after their last word
 */
public record FleetSettings(
    String name,
    AgentConfig.Listen listen,
    Optional<String> advertise,
    List<String> members,
    Optional<String> serviceDns,
    int expected,
    Duration grace,
    List<Path> trustedKeys,
    Optional<Path> state,
    Duration commandAge,
    int quorum,
    Duration hold) {

  public FleetSettings {
    members = List.copyOf(members);
    trustedKeys = List.copyOf(trustedKeys);
  }

  static Optional<FleetSettings> of(Values values) {
    return values.get(Key.FLEET_ENABLED, Boolean.class)
        ? Optional.of(read(values))
        : Optional.empty();
  }

  private static FleetSettings read(Values values) {
    return new FleetSettings(
        values.get(Key.FLEET_NAME, String.class),
        new AgentConfig.Listen(
            values.get(Key.FLEET_HOST, String.class), values.get(Key.FLEET_PORT, Integer.class)),
        texts(values, Key.FLEET_ADVERTISE).stream().findFirst(),
        texts(values, Key.FLEET_MEMBERS),
        values.find(Key.FLEET_SERVICE_DNS, String.class),
        values.get(Key.FLEET_EXPECTED_MEMBERS, Integer.class),
        values.get(Key.FLEET_GRACE, Duration.class),
        list(values, Key.FLEET_TRUSTED_KEYS).stream().map(Path.class::cast).toList(),
        values.find(Key.FLEET_STATE, Path.class),
        values.get(Key.FLEET_COMMAND_AGE, Duration.class),
        values.get(Key.FLEET_TRIGGER_QUORUM, Integer.class),
        values.get(Key.FLEET_TRIGGER_HOLD, Duration.class));
  }

  private static List<String> texts(Values values, Key key) {
    return list(values, key).stream().map(String.class::cast).toList();
  }

  private static List<?> list(Values values, Key key) {
    return values.find(key, List.class).orElse(List.of());
  }
}
