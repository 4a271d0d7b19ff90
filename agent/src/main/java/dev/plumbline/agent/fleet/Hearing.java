package dev.plumbline.agent.fleet;

import dev.plumbline.agent.metrics.Meter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what members say: what can be read goes into the roster and, of commands, to the orders;
 * what cannot is counted, each once. Not thread-safe: the {@link FleetDesk}'s monitor guards it.
 */
final class Hearing {
  private static final Logger LOG = LoggerFactory.getLogger(Hearing.class);
  private static final String LATE = "late";
  private static final String NEWER = "newer_parts";
  private static final String STRAY = "stray";
  private static final String UNTIMELY = "untimely_scores";

  private final FleetDesk.Parts parts;
  private final Roster roster;
  private final Orders orders;
  private final Once reported = new Once();

  Hearing(FleetDesk.Parts parts, Roster roster, Orders orders) {
    this.parts = parts;
    this.roster = roster;
    this.orders = orders;
  }

  /**
   * Takes in what was heard in one beat.
   *
   * @param strays entries that are no member's
   */
  void all(Map<String, Fleet.Heard> heard, int strays, Instant now) {
    int unknown = strays - roster.gone();
    if (unknown > 0 && reported.first(STRAY + " " + unknown)) {
      parts.meters().count(Meter.FLEET_ENTRIES, STRAY);
    }
    heard.forEach((member, what) -> one(member, what, now));
  }

  private void one(String member, Fleet.Heard what, Instant now) {
    if (what instanceof Fleet.Late) {
      parts.meters().count(Meter.FLEET_FAILURES, LATE);
    } else if (what instanceof Fleet.Garbage garbage) {
      refused(member, Refusal.GARBAGE, garbage.what());
    } else if (what instanceof Fleet.Shared shared) {
      shared(member, shared, now);
    }
  }

  private void shared(String member, Fleet.Shared shared, Instant now) {
    if (shared.oldest() > MemberJson.VERSION) {
      refused(member, Refusal.WRONG_VERSION, shared.version());
      return;
    }
    try {
      MemberJson.Read read = MemberJson.read(shared.text(), Tally.minute(parts.clock()));
      roster.heard(member, read.state(), now);
      newer(member, shared.version());
      untimely(member, read);
      read.state().commands().forEach(signed -> orders.heard(member, signed));
    } catch (WireRefusal | IllegalArgumentException e) {
      refused(member, Refusal.GARBAGE, Arrays.hashCode(shared.text()));
    }
  }

  private void refused(String member, Refusal why, Object kind) {
    String result = why.wireName();
    if (reported.first(List.of(member, result, kind))) {
      parts.meters().count(Meter.FLEET_ENTRIES, result);
      LOG.warn("what member {} says is not read: {}", member, result);
    }
  }

  /** What a later build says beyond what this one knows is skipped, and said to be. */
  private void newer(String member, int version) {
    if (version > MemberJson.VERSION && reported.first(List.of(member, NEWER, version))) {
      parts.meters().count(Meter.FLEET_ENTRIES, NEWER);
      LOG.info("member {} speaks wire version {}: what is new in it is not read", member, version);
    }
  }

  private void untimely(String member, MemberJson.Read read) {
    String process = read.state().process();
    if (read.untimely() > 0 && reported.first(List.of(member, UNTIMELY, process))) {
      parts.meters().count(Meter.FLEET_ENTRIES, UNTIMELY);
      LOG.warn("scores of member {} are of another time: see its clock, or this one's", member);
    }
  }
}
