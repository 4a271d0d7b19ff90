package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Which models say that they can output the tensor of hidden states. Each is asked once, beside the
 * traffic, by whoever comes first; a no is asked again after a while, since models are replaced,
 * and so is a question without an answer. Bounded in number; thread-safe.
 */
public final class DeclaredTensors {
  private static final int MOST_MODELS = 1024;
  private static final long NO_NANOS = 60_000_000_000L;

  /**
   * A model as an origin names it.
   *
   * @param name of any form that tells models and versions apart
   */
  record Model(String origin, String name) {}

  private enum State {
    ASKED,
    DECLARED,
    NOT
  }

  private record Fact(State state, long at) {}

  private final Map<Model, Fact> facts = new ConcurrentHashMap<>();
  private final Meters meters;
  private final LongSupplier nanos;

  public DeclaredTensors(Meters meters, LongSupplier nanos) {
    this.meters = meters;
    this.nanos = nanos;
  }

  /** Whether the model is known to have it. */
  boolean has(Model model) {
    Fact fact = facts.get(model);
    return fact != null && fact.state() == State.DECLARED;
  }

  /**
   * Finds out, unless that is known or under way.
   *
   * @param ask whether the model has it; ends within a deadline
   */
  void learn(Model model, Supplier<Future<Boolean>> ask) {
    Fact before = facts.get(model);
    boolean over =
        before != null && before.state() == State.NOT && nanos.getAsLong() - before.at() > NO_NANOS;
    Fact asked = new Fact(State.ASKED, nanos.getAsLong());
    boolean mine =
        before == null
            ? facts.size() < MOST_MODELS && facts.putIfAbsent(model, asked) == null
            : over && facts.replace(model, before, asked);
    if (mine) {
      ask.get().onComplete(done -> learnt(model, done.succeeded(), done.result()));
    }
  }

  private void learnt(Model model, boolean answered, Boolean declared) {
    boolean has = answered && declared;
    meters.count(
        Meter.OIP_DECORATIONS, has ? "declared" : answered ? "not_declared" : "not_answered");
    facts.put(model, new Fact(has ? State.DECLARED : State.NOT, nanos.getAsLong()));
  }

  /** The model did not take a request for it: it may be another now, and is asked again. */
  void forget(Model model) {
    facts.remove(model);
  }

  void count(String event) {
    meters.count(Meter.OIP_DECORATIONS, event);
  }
}
