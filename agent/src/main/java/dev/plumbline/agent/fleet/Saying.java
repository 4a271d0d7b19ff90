package dev.plumbline.agent.fleet;

import dev.plumbline.agent.metrics.Meter;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this agent says to the others once a beat. Not thread-safe: the {@link FleetDesk}'s monitor
 * guards it.
 */
final class Saying {
  private static final int MOST_NAME = 128;

  private final FleetDesk.Parts parts;
  private final String process;
  private final Orders orders;
  private final Artefacts artefacts;
  private final Tally tally;
  private long beat;

  /**
   * @param process a name of this run that no other has
   */
  Saying(FleetDesk.Parts parts, String process, Orders orders, Artefacts artefacts, Tally tally) {
    this.parts = parts;
    this.process = process;
    this.orders = orders;
    this.artefacts = artefacts;
    this.tally = tally;
  }

  /** The next text; without scores where it would be too large with them. */
  Fleet.Shared next() {
    byte[] text = MemberJson.write(state(tally.sketches()));
    if (text.length > Fleet.MOST_BYTES) {
      parts.meters().count(Meter.FLEET_FAILURES, "too_large");
      text = MemberJson.write(state(Map.of()));
    }
    return new Fleet.Shared(MemberJson.VERSION, text);
  }

  /** What it is now. */
  MemberState state(Map<Series, Sketch> sketches) {
    return new MemberState(
        process,
        ++beat,
        parts.build(),
        parts.host().off(),
        judging(),
        findings(),
        sketches,
        parts.host().adapters(),
        orders.held());
  }

  private Map<String, Finding> findings() {
    Map<String, Long> under = orders.ofRoutes();
    Map<String, Finding> findings = new TreeMap<>();
    parts
        .own()
        .routes()
        .forEach(
            (route, found) ->
                findings.put(
                    route, new Finding(found.status().state(), under.getOrDefault(route, 0L))));
    return findings;
  }

  private MemberState.ArtefactState judging() {
    Artefacts.View now = artefacts.view();
    String name = parts.host().judge().map(Host.Judge::name).orElse("");
    return new MemberState.ArtefactState(
        name.length() > MOST_NAME ? name.substring(0, MOST_NAME) : name,
        now.digest(),
        now.state().wireName());
  }
}
