package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.metrics.Meter;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts in force what all that are heard found: where the routes stand, and the scores of the whole
 * fleet. Not thread-safe: the {@link FleetDesk}'s monitor guards it.
 */
final class Merging {
  private static final Logger LOG = LoggerFactory.getLogger(Merging.class);
  private static final int MOST_SERIES = 256;

  private final FleetDesk.Parts parts;
  private final Roster roster;
  private final RouteBoard board;
  private final Tally tally;
  private final Scores scores;

  Merging(FleetDesk.Parts parts, Roster roster, RouteBoard board, Tally tally) {
    this.parts = parts;
    this.roster = roster;
    this.board = board;
    this.tally = tally;
    this.scores = new Scores(parts.meters(), parts.host());
  }

  /**
   * @param under the sequence numbers of the commands that hold, by route
   */
  void settle(Map<String, Long> under, Instant now) {
    board.hear(roster.findings(now), under, now).forEach(this::turned);
    long minute = Tally.minute(parts.clock());
    Map<Series, Sketch> own = tally.sketches();
    scores.put(own.keySet(), roster.sketches(own, minute - Tally.MINUTES + 1, minute, MOST_SERIES));
  }

  private void turned(RouteBoard.Turn turn) {
    LOG.info("the fleet's route {}: {} after {}", turn.route(), turn.to(), turn.from());
    parts.meters().count(Meter.FLEET_ROUTE_TURNS, turn.to().wireName());
    parts.announce(
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "route")
            .put("name", turn.route())
            .put("from", turn.from().wireName())
            .put("to", turn.to().wireName())
            .put("members", turn.by().size()));
  }

  void describe(ObjectNode node) {
    StatusJson.routes(node, parts.own().routes(), board.states());
    scores.describe(node);
  }
}
