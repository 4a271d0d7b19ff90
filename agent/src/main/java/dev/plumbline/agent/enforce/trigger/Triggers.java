package dev.plumbline.agent.enforce.trigger;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.mitigations.trigger.Command;
import dev.plumbline.mitigations.trigger.RouteTrigger;
import java.util.Map;
import java.util.Optional;

/** Whether and how far the mode of an exchange is raised. Any thread, never waits. */
public interface Triggers {
  /** None are configured: no mode is ever raised. */
  Triggers NONE = new NoTriggers();

  /** Whether conversations are told apart, so that their keys are worth finding. */
  boolean conversations();

  /**
   * The mode that holds for an exchange that begins; ask once.
   *
   * @param configured before any trigger had a say
   * @param model empty where it is not known: then any route's trigger counts, since nobody may
   *     hide its name
   */
  Mode raised(Mode configured, Optional<String> model, Optional<ConversationKeys> conversation);

  /** Whether the route is armed or active, and every exchange of it is to be looked at. */
  boolean watchful(String model);

  /** The score of a prefix of an answer under way. */
  void prefix(Optional<ConversationKeys> conversation, double score);

  /** An exchange has its verdict. */
  void settled(
      String model, Optional<ConversationKeys> conversation, Reading reading, Action action);

  /**
   * Does what an operator says of a route.
   *
   * @return what it comes to; empty for a route that has no trigger
   */
  Optional<RouteTrigger.View> command(String model, Command command);

  /** The triggers of all routes, by label. */
  Map<String, RouteTrigger.View> routes();

  /** What is known of the conversations; empty where there are no triggers. */
  Optional<Held> held();

  /**
   * @param raisedTo the mode of an active trigger
   * @param conversations remembered
   * @param active of them
   * @param evicted to make room
   * @param evictedActive active ones of these
   */
  record Held(Mode raisedTo, int conversations, long active, long evicted, long evictedActive) {}
}
