package dev.plumbline.mitigations.trigger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/** The trigger of a route: its evidence is the recent rate of drifted exchanges. Thread-safe. */
public final class RouteTrigger {
  private final StateMachine machine;
  private final RateWindow window;
  private Status status;

  /**
   * @param window how far back the rate sees
   * @param minimum scored exchanges below which there is no rate
   */
  public RouteTrigger(Levels levels, Duration window, int minimum, Instant at) {
    this.machine = new StateMachine(levels);
    this.window = new RateWindow(window, minimum);
    this.status = Status.begin(at);
  }

  /**
   * What can be seen of it.
   *
   * @param rate of drifted exchanges; empty while too few were scored
   */
  public record View(
      Status status, OptionalDouble rate, long scored, long unscored, long treated) {}

  /** Takes in an exchange. */
  public synchronized List<Transition> exchange(RateWindow.Kind kind, Instant at) {
    window.add(kind, at);
    Evidence evidence =
        switch (kind) {
          case UNSCORED -> new Evidence.Unknown();
          case TREATED -> new Evidence.Treated();
          default -> Evidence.of(window.rate(at));
        };
    return take(machine.observe(status, evidence, at));
  }

  /** Does what a person says. */
  public synchronized List<Transition> command(Command command, Instant at) {
    return take(machine.command(status, command, at));
  }

  /** A trial looks at what comes, not at what was before. */
  private List<Transition> take(Step step) {
    status = step.next();
    if (step.transitions().stream().anyMatch(t -> t.reason() == Reason.TRIAL)) {
      window.clear();
    }
    return step.transitions();
  }

  public synchronized Status status() {
    return status;
  }

  public synchronized View view(Instant at) {
    long scored =
        window.count(RateWindow.Kind.ALIGNED, at) + window.count(RateWindow.Kind.DRIFTED, at);
    return new View(
        status,
        window.rate(at),
        scored,
        window.count(RateWindow.Kind.UNSCORED, at),
        window.count(RateWindow.Kind.TREATED, at));
  }
}
