package dev.plumbline.mitigations.trigger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Off, armed, active, with hysteresis. A pure function of what it remembers, what it is told and
 * the time it is told; drawn in TRIGGERS.md. Immutable.
 *
 * <p>Time that goes backwards lengthens a dwell and never shortens one.
 */
public final class StateMachine {
  private static final int MOST_DOUBLINGS = 4;

  private final Levels levels;

  public StateMachine(Levels levels) {
    this.levels = Objects.requireNonNull(levels, "levels");
  }

  public Levels levels() {
    return levels;
  }

  /** What comes of a piece of evidence. */
  public Step observe(Status status, Evidence evidence, Instant at) {
    if (status.hold() == Status.Hold.OFF || evidence instanceof Evidence.Unknown) {
      return Step.stay(status);
    }
    if (evidence instanceof Evidence.Level level) {
      return level(status, level.value(), at);
    }
    return status.active() && tried(status, at)
        ? walk(status, at, Reason.TRIAL, TriggerState.ARMED)
        : Step.stay(status);
  }

  /** What comes of a rule that holds: active at once, but for {@link Command#OFF} and cooldown. */
  public Step ruled(Status status, Instant at) {
    if (status.hold() == Status.Hold.OFF || status.active() || cooling(status, at)) {
      return Step.stay(status);
    }
    return status.state() == TriggerState.OFF
        ? walk(status, at, Reason.RULE, TriggerState.ARMED, TriggerState.ACTIVE)
        : walk(status, at, Reason.RULE, TriggerState.ACTIVE);
  }

  /** What comes of a person's word. */
  public Step command(Status status, Command command, Instant at) {
    TriggerState to = command == Command.ARM ? TriggerState.ARMED : TriggerState.OFF;
    Step moved = status.state() == to ? Step.stay(status) : walk(status, at, Reason.OPERATOR, to);
    Instant cooled = command == Command.ARM ? at : moved.next().notActiveBefore();
    Status held = new Status(to, moved.next().since(), cooled, hold(command), 0);
    return new Step(held, moved.transitions());
  }

  private static Status.Hold hold(Command command) {
    return switch (command) {
      case ARM -> Status.Hold.ARMED;
      case DISARM -> Status.Hold.NONE;
      case OFF -> Status.Hold.OFF;
    };
  }

  private Step level(Status status, double value, Instant at) {
    if (value <= levels.release()) {
      return release(status, at);
    }
    boolean activates = value >= levels.activate() && !cooling(status, at);
    return switch (status.state()) {
      case ACTIVE -> Step.stay(status);
      case ARMED ->
          activates ? walk(status, at, Reason.LEVEL, TriggerState.ACTIVE) : Step.stay(status);
      case OFF -> arm(status, value >= levels.arm(), activates, at);
    };
  }

  private Step arm(Status status, boolean arms, boolean activates, Instant at) {
    if (activates) {
      return walk(status, at, Reason.LEVEL, TriggerState.ARMED, TriggerState.ACTIVE);
    }
    return arms ? walk(status, at, Reason.LEVEL, TriggerState.ARMED) : Step.stay(status);
  }

  private Step release(Status status, Instant at) {
    TriggerState floor = status.hold() == Status.Hold.ARMED ? TriggerState.ARMED : TriggerState.OFF;
    return status.state().compareTo(floor) > 0 && dwelt(status, at)
        ? walk(status, at, Reason.RELEASED, floor)
        : Step.stay(status);
  }

  private boolean dwelt(Status status, Instant at) {
    return !at.isBefore(status.since().plus(levels.dwell()));
  }

  /** Every trial costs answers that are not treated: after each that failed the next is later. */
  private boolean tried(Status status, Instant at) {
    int doubled = 1 << Math.min(status.trials(), MOST_DOUBLINGS);
    return !at.isBefore(status.since().plus(levels.dwell().multipliedBy(doubled)));
  }

  private static int trials(Status from, TriggerState to, Reason reason) {
    if (to == TriggerState.OFF) {
      return 0;
    }
    return reason == Reason.TRIAL ? from.trials() + 1 : from.trials();
  }

  private static boolean cooling(Status status, Instant at) {
    return at.isBefore(status.notActiveBefore());
  }

  /** A trial is no way down: what it finds must count at once. */
  private Step walk(Status from, Instant at, Reason reason, TriggerState... through) {
    List<Transition> transitions = new ArrayList<>();
    TriggerState state = from.state();
    for (TriggerState next : through) {
      transitions.add(new Transition(state, next, reason, at));
      state = next;
    }
    boolean cools = from.active() && reason != Reason.TRIAL;
    Instant cooled = cools ? at.plus(levels.cooldown()) : from.notActiveBefore();
    return new Step(
        new Status(state, at, cooled, from.hold(), trials(from, state, reason)), transitions);
  }
}
