package dev.plumbline.mitigations.trigger;

import java.time.Instant;

/** What is tried in a {@link Simulation}. */
sealed interface Subject {
  boolean active();

  void exchange(RateWindow.Kind seen, Instant at);

  /** One for each day. */
  interface Maker {
    Subject make();
  }

  /** The trigger as the agent runs it. */
  final class Real implements Subject {
    private final RouteTrigger trigger;
    private final boolean treats;

    private Real(RouteTrigger trigger, boolean treats) {
      this.trigger = trigger;
      this.treats = treats;
    }

    static Maker of(Simulation how) {
      return () ->
          new Real(
              new RouteTrigger(how.levels(), how.window(), how.minimum(), ScriptedDay.START),
              how.treats());
    }

    @Override
    public boolean active() {
      return trigger.status().active();
    }

    @Override
    public void exchange(RateWindow.Kind seen, Instant at) {
      trigger.exchange(treats && active() ? RateWindow.Kind.TREATED : seen, at);
    }
  }

  /** One threshold. */
  final class Naive implements Subject {
    private final RateWindow window;
    private final double threshold;
    private boolean active;

    private Naive(RateWindow window, double threshold) {
      this.window = window;
      this.threshold = threshold;
    }

    static Maker of(Simulation how, int minimum) {
      return () -> new Naive(new RateWindow(how.window(), minimum), how.levels().activate());
    }

    @Override
    public boolean active() {
      return active;
    }

    @Override
    public void exchange(RateWindow.Kind seen, Instant at) {
      window.add(seen, at);
      active = window.rate(at).orElse(0) >= threshold;
    }
  }
}
