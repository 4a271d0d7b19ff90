package dev.plumbline.agent.fleet;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.trigger.ConversationKeys;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.mitigations.trigger.Command;
import dev.plumbline.mitigations.trigger.RouteTrigger;
import dev.plumbline.mitigations.trigger.TriggerState;
import java.util.Map;
import java.util.Optional;

/**
 * An agent's own triggers, and above them what the fleet found: a mode is raised by either, never
 * lowered. Counts scores for the fleet's sketches on the way. Any thread, never waits.
 */
final class FleetTriggers implements Triggers {
  private static final String BY = "fleet";

  private final Triggers own;
  private final Optional<Mode> raisesTo;
  private final RouteBoard board;
  private final Tally tally;
  private final LabelNames models;
  private final Meters meters;

  /**
   * @param own by the agent's own evidence
   * @param raisesTo {@code trigger.mode}; empty where nothing is ever raised
   */
  FleetTriggers(
      Triggers own,
      Optional<Mode> raisesTo,
      RouteBoard board,
      Tally tally,
      LabelNames models,
      Meters meters) {
    this.own = own;
    this.raisesTo = raisesTo;
    this.board = board;
    this.tally = tally;
    this.models = models;
    this.meters = meters;
  }

  @Override
  public boolean conversations() {
    return own.conversations();
  }

  @Override
  public Mode raised(
      Mode configured, Optional<String> model, Optional<ConversationKeys> conversation) {
    Mode mode = own.raised(configured, model, conversation);
    if (raisesTo.isEmpty() || !active(model)) {
      return mode;
    }
    Mode raised = mode.max(raisesTo.get());
    if (raised != mode) {
      String label = model.map(models::label).orElse(LabelNames.OTHER);
      meters.count(Meter.TRIGGER_RAISED, label, BY, raised.wireName());
    }
    return raised;
  }

  private boolean active(Optional<String> model) {
    return model.map(name -> found(name) == TriggerState.ACTIVE).orElseGet(board::anyActive);
  }

  /** A member may have a label for a name that has none here. */
  private TriggerState found(String model) {
    TriggerState byName = board.state(model);
    TriggerState byLabel = board.state(models.label(model));
    return byName.compareTo(byLabel) >= 0 ? byName : byLabel;
  }

  @Override
  public boolean watchful(String model) {
    return own.watchful(model) || raisesTo.isPresent() && found(model) != TriggerState.OFF;
  }

  @Override
  public void prefix(Optional<ConversationKeys> conversation, double score) {
    own.prefix(conversation, score);
  }

  @Override
  public void settled(
      String model, Optional<ConversationKeys> conversation, Reading reading, Action action) {
    own.settled(model, conversation, reading, action);
    if (reading.score().isPresent()) {
      tally.add(
          Series.bounded(models.label(model), reading.direction().orElse("none")),
          reading.score().getAsDouble());
    }
  }

  @Override
  public Optional<RouteTrigger.View> command(String model, Command command) {
    return own.command(model, command);
  }

  @Override
  public Map<String, RouteTrigger.View> routes() {
    return own.routes();
  }

  @Override
  public Optional<Held> held() {
    return own.held();
  }
}
