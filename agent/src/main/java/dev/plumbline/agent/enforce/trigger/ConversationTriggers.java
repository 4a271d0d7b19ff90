package dev.plumbline.agent.enforce.trigger;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.config.TriggerSettings;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.mitigations.trigger.Conversations;
import dev.plumbline.mitigations.trigger.Evidence;
import dev.plumbline.mitigations.trigger.Rule;
import dev.plumbline.mitigations.trigger.Transition;
import dev.plumbline.mitigations.trigger.TriggerState;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The triggers of conversations, and the rules that act on them. Thread-safe. */
final class ConversationTriggers {
  /** Who is told. */
  interface Listener {
    void tell(String scope, String name, List<Transition> transitions);
  }

  private final TriggerSettings settings;
  private final Conversations held;
  private final Meters meters;
  private final Clock clock;
  private final Listener listener;

  ConversationTriggers(TriggerSettings settings, Meters meters, Clock clock, Listener listener) {
    this.settings = settings;
    this.held = new Conversations(settings.conversation(), settings.conversations());
    this.meters = meters;
    this.clock = clock;
    this.listener = listener;
    meters.gauge(Meter.TRIGGER_CONVERSATIONS, held::size);
    meters.total(Meter.TRIGGER_EVICTED, held::evictedActive, "active");
    meters.total(Meter.TRIGGER_EVICTED, () -> held.evicted() - held.evictedActive(), "other");
  }

  /** The mode of an exchange that begins, where its conversation's trigger is active. */
  Optional<Mode> begin(ConversationKeys keys) {
    Optional<String> here = keys.here();
    here.ifPresent(key -> held.follows(key, keys.next()));
    return here.filter(key -> held.state(key).filter(TriggerState.ACTIVE::equals).isPresent())
        .map(key -> held.ruledBy(key).flatMap(Mode::find).orElse(settings.mode()));
  }

  /** Only what would activate: the end of an answer may still be better than its beginning. */
  void prefix(ConversationKeys keys, double score) {
    if (score >= settings.conversation().activate()) {
      observe(keys.next(), new Evidence.Level(score));
    }
  }

  /** Rules are asked, and counted, where there is no conversation too. */
  void settled(Optional<ConversationKeys> keys, Evidence evidence, Reading reading) {
    keys.ifPresent(found -> observe(found.next(), evidence));
    Map<String, Double> scores = new TreeMap<>();
    reading
        .directions()
        .forEach((name, found) -> found.score().ifPresent(score -> scores.put(name, score)));
    settings.rules().forEach((name, rule) -> ask(name, rule, keys, reading, scores));
  }

  private void ask(
      String name,
      Rule rule,
      Optional<ConversationKeys> keys,
      Reading reading,
      Map<String, Double> scores) {
    Rule.Answer answer = rule.ask(reading.score(), scores);
    boolean lost = answer == Rule.Answer.HOLDS && keys.isEmpty();
    meters.count(Meter.TRIGGER_RULES, name, lost ? "no_conversation" : answer.wireName());
    if (answer == Rule.Answer.HOLDS) {
      keys.map(ConversationKeys::next)
          .ifPresent(
              key ->
                  listener.tell(
                      TriggerEvent.CONVERSATION,
                      key,
                      held.ruled(key, rule.then(), clock.instant())));
    }
  }

  private void observe(String key, Evidence evidence) {
    listener.tell(TriggerEvent.CONVERSATION, key, held.observe(key, evidence, clock.instant()));
  }

  Triggers.Held held() {
    return new Triggers.Held(
        settings.mode(),
        held.size(),
        held.count(TriggerState.ACTIVE),
        held.evicted(),
        held.evictedActive());
  }
}
