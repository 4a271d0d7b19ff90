package dev.plumbline.agent.config;

import dev.plumbline.core.sign.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mistakes among the settings of the fleet that no single key shows. */
final class FleetChecks {
  private static final List<Key> NEEDED =
      List.of(
          Key.FLEET_ADVERTISE,
          Key.FLEET_MEMBERS,
          Key.FLEET_SERVICE_DNS,
          Key.FLEET_TRUSTED_KEYS,
          Key.FLEET_STATE);

  private final Values values;
  private final List<Mistake> mistakes = new ArrayList<>();

  private FleetChecks(Values values) {
    this.values = values;
  }

  static List<Mistake> of(Values values) {
    FleetChecks checks = new FleetChecks(values);
    if (values.get(Key.FLEET_ENABLED, Boolean.class)) {
      checks.enabled();
    } else {
      NEEDED.forEach(
          key ->
              checks.check(!checks.has(key), key, "no fleet", "fleet.enabled: true, or leave it"));
    }
    return checks.mistakes;
  }

  private void enabled() {
    check(
        has(Key.FLEET_MEMBERS) != has(Key.FLEET_SERVICE_DNS),
        Key.FLEET_MEMBERS,
        has(Key.FLEET_MEMBERS) ? "fleet.members and fleet.service-dns" : "nobody to look for",
        "one of fleet.members and fleet.service-dns");
    check(
        values.get(Key.FLEET_TRIGGER_QUORUM, Integer.class)
            <= Math.max(1, values.get(Key.FLEET_EXPECTED_MEMBERS, Integer.class)),
        Key.FLEET_TRIGGER_QUORUM,
        "more than fleet.expected-members",
        "at most as many as there are");
    check(
        !has(Key.FLEET_ADVERTISE) || list(Key.FLEET_ADVERTISE).size() == 1,
        Key.FLEET_ADVERTISE,
        "several",
        "one HOST:PORT");
    check(
        values.find(Key.FLEET_STATE, Path.class).map(Files::isDirectory).orElse(true),
        Key.FLEET_STATE,
        "a file",
        "a folder");
    keys();
  }

  private void keys() {
    try {
      TrustedKeys.of(list(Key.FLEET_TRUSTED_KEYS).stream().map(Path.class::cast).toList());
    } catch (IllegalArgumentException e) {
      check(false, Key.FLEET_TRUSTED_KEYS, e.getMessage(), "files of public Ed25519 keys");
    }
  }

  private List<?> list(Key key) {
    return values.find(key, List.class).orElse(List.of());
  }

  private boolean has(Key key) {
    return values.find(key, Object.class).isPresent();
  }

  private void check(boolean holds, Key key, String found, String wanted) {
    if (!holds) {
      mistakes.add(new Mistake(key.key(), "together", found, wanted));
    }
  }
}
