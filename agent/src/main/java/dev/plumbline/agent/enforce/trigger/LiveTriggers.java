package dev.plumbline.agent.enforce.trigger;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.config.TriggerSettings;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Verdict;
import dev.plumbline.mitigations.trigger.Command;
import dev.plumbline.mitigations.trigger.Evidence;
import dev.plumbline.mitigations.trigger.RateWindow;
import dev.plumbline.mitigations.trigger.RouteTrigger;
import dev.plumbline.mitigations.trigger.Transition;
import dev.plumbline.mitigations.trigger.TriggerState;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The triggers of routes and conversations. A route is a model's label: names without a label of
 * their own share the trigger {@code other}, so there are no more triggers than labels.
 * Thread-safe.
 */
public final class LiveTriggers implements Triggers {
  private final TriggerSettings settings;
  private final LabelNames models;
  private final Meters meters;
  private final Clock clock;
  private final Consumer<TriggerEvent> feed;
  private final ConversationTriggers conversations;
  private final Map<String, RouteTrigger> routes = new ConcurrentHashMap<>();

  /**
   * @param models names that get a trigger of their own
   * @param feed is told of each change of state; does not wait
   */
  public LiveTriggers(
      TriggerSettings settings,
      LabelNames models,
      Meters meters,
      Clock clock,
      Consumer<TriggerEvent> feed) {
    this.settings = settings;
    this.models = models;
    this.meters = meters;
    this.clock = clock;
    this.feed = feed;
    this.conversations = new ConversationTriggers(settings, meters, clock, this::tell);
  }

  @Override
  public boolean conversations() {
    return true;
  }

  @Override
  public Mode raised(
      Mode configured, Optional<String> model, Optional<ConversationKeys> conversation) {
    Mode mode = configured;
    if (routeActive(model)) {
      mode = mode.max(settings.mode());
    }
    Mode withRoute = mode;
    mode = conversation.flatMap(conversations::begin).map(withRoute::max).orElse(withRoute);
    if (mode != configured) {
      String by = mode == withRoute ? TriggerEvent.ROUTE : TriggerEvent.CONVERSATION;
      String label = model.map(models::label).orElse(LabelNames.OTHER);
      meters.count(Meter.TRIGGER_RAISED, label, by, mode.wireName());
    }
    return mode;
  }

  private boolean routeActive(Optional<String> model) {
    return model
        .map(name -> state(name) == TriggerState.ACTIVE)
        .orElseGet(() -> routes.values().stream().anyMatch(r -> r.status().active()));
  }

  private TriggerState state(String model) {
    RouteTrigger trigger = routes.get(models.label(model));
    return trigger == null ? TriggerState.OFF : trigger.status().state();
  }

  @Override
  public boolean watchful(String model) {
    return state(model) != TriggerState.OFF;
  }

  @Override
  public void prefix(Optional<ConversationKeys> conversation, double score) {
    conversation.ifPresent(keys -> conversations.prefix(keys, score));
  }

  @Override
  public void settled(
      String model, Optional<ConversationKeys> conversation, Reading reading, Action action) {
    String label = models.label(model);
    RateWindow.Kind kind = kind(reading, action);
    meters.count(Meter.TRIGGER_EXCHANGES, label, kind.name().toLowerCase(Locale.ROOT));
    tell(TriggerEvent.ROUTE, label, route(label).exchange(kind, clock.instant()));
    Evidence evidence =
        kind == RateWindow.Kind.TREATED ? new Evidence.Treated() : Evidence.of(reading.score());
    conversations.settled(conversation, evidence, reading);
  }

  private static RateWindow.Kind kind(Reading reading, Action action) {
    if (action == Action.ABLATED || action == Action.RESCUED) {
      return RateWindow.Kind.TREATED;
    }
    if (reading.score().isEmpty()) {
      return RateWindow.Kind.UNSCORED;
    }
    return reading.verdict() instanceof Verdict.Drifted
        ? RateWindow.Kind.DRIFTED
        : RateWindow.Kind.ALIGNED;
  }

  private RouteTrigger route(String label) {
    return routes.computeIfAbsent(label, this::newRoute);
  }

  private RouteTrigger newRoute(String label) {
    RouteTrigger made =
        new RouteTrigger(settings.route(), settings.window(), settings.minimum(), clock.instant());
    meters.gauge(Meter.TRIGGER_STATE, () -> made.status().state().ordinal(), label);
    return made;
  }

  @Override
  public Optional<RouteTrigger.View> command(String model, Command command) {
    if (!model.equals(LabelNames.OTHER) && !models.label(model).equals(model)) {
      return Optional.empty();
    }
    RouteTrigger trigger = route(model);
    tell(TriggerEvent.ROUTE, model, trigger.command(command, clock.instant()));
    return Optional.of(trigger.view(clock.instant()));
  }

  @Override
  public Map<String, RouteTrigger.View> routes() {
    Map<String, RouteTrigger.View> views = new TreeMap<>();
    routes.forEach((label, trigger) -> views.put(label, trigger.view(clock.instant())));
    return views;
  }

  @Override
  public Optional<Held> held() {
    return Optional.of(conversations.held());
  }

  private void tell(String scope, String name, List<Transition> transitions) {
    for (Transition each : transitions) {
      meters.count(
          Meter.TRIGGER_TRANSITIONS,
          scope,
          each.from().wireName(),
          each.to().wireName(),
          each.reason().wireName());
      feed.accept(new TriggerEvent(scope, name, each));
    }
  }
}
