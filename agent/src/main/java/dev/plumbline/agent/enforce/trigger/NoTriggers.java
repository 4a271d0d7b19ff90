package dev.plumbline.agent.enforce.trigger;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.mitigations.trigger.Command;
import dev.plumbline.mitigations.trigger.RouteTrigger;
import java.util.Map;
import java.util.Optional;

/** {@code trigger.mode} is left out. */
final class NoTriggers implements Triggers {
  @Override
  public boolean conversations() {
    return false;
  }

  @Override
  public Mode raised(
      Mode configured, Optional<String> model, Optional<ConversationKeys> conversation) {
    return configured;
  }

  @Override
  public boolean watchful(String model) {
    return false;
  }

  @Override
  public void prefix(Optional<ConversationKeys> conversation, double score) {}

  @Override
  public void settled(
      String model, Optional<ConversationKeys> conversation, Reading reading, Action action) {}

  @Override
  public Optional<RouteTrigger.View> command(String model, Command command) {
    return Optional.empty();
  }

  @Override
  public Map<String, RouteTrigger.View> routes() {
    return Map.of();
  }

  @Override
  public Optional<Held> held() {
    return Optional.empty();
  }
}
