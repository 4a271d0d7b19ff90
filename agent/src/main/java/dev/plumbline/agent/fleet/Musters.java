package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether as many members are there as are expected: a discovery that fails forms a fleet of one,
 * without an error. At the start the agent is not ready until they are there or the grace time is
 * over; then it serves alone, and says so. Thread-safe.
 */
final class Musters {
  private static final Logger LOG = LoggerFactory.getLogger(Musters.class);

  private final FleetSettings settings;
  private final Clock clock;
  private final Consumer<ObjectNode> announce;
  private final Instant began;
  private volatile int members;
  private volatile boolean complete;
  private volatile boolean told;
  private volatile Instant lacking;
  private volatile Instant heard;

  Musters(FleetSettings settings, Meters meters, Clock clock, Consumer<ObjectNode> announce) {
    this.settings = settings;
    this.clock = clock;
    this.announce = announce;
    this.began = clock.instant();
    this.lacking = began;
    this.heard = began;
    meters.gauge(Meter.FLEET_MEMBERS, () -> members, settings.name());
    meters.gauge(Meter.FLEET_EXPECTED, settings::expected, settings.name());
    meters.gauge(Meter.FLEET_SHORT, () -> alarm().isPresent() ? 1 : 0, settings.name());
    meters.amount(
        Meter.FLEET_VIEW_AGE, () -> Duration.between(heard, clock.instant()).toMillis() / 1000.0);
  }

  /** So many are there. */
  void seen(int found) {
    if (found < settings.expected() && members >= settings.expected()) {
      lacking = clock.instant();
    }
    members = found;
    complete |= found >= settings.expected();
    boolean wrong = alarm().isPresent();
    if (wrong != told) {
      told = wrong;
      alarm().ifPresentOrElse(LOG::error, () -> LOG.info("the fleet has {} members", found));
      announce.accept(
          JsonNodeFactory.instance
              .objectNode()
              .put("kind", wrong ? "short" : "complete")
              .put("members", found)
              .put("expected", settings.expected()));
    }
  }

  /** A beat went all the way. */
  void heard() {
    heard = clock.instant();
  }

  private boolean patient(Instant since) {
    return clock.instant().isBefore(since.plus(settings.grace()));
  }

  Optional<String> waiting() {
    return complete || !patient(began)
        ? Optional.empty()
        : Optional.of("waiting for the fleet: " + counted());
  }

  Optional<String> alarm() {
    return members >= settings.expected() || patient(lacking)
        ? Optional.empty()
        : Optional.of("the fleet is short: " + counted() + "; see fleet.members and the network");
  }

  private String counted() {
    return "wanted %d members (fleet.expected-members), found %d"
        .formatted(settings.expected(), members);
  }

  void describe(ObjectNode node) {
    node.put("expected", settings.expected())
        .put("short", alarm().isPresent())
        .put("view_age_s", Duration.between(heard, clock.instant()).toMillis() / 1000.0);
  }
}
