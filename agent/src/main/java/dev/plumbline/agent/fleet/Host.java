package dev.plumbline.agent.fleet;

import dev.plumbline.mitigations.trigger.Command;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** What a fleet may have an agent do, and asks of it. Never called on an event loop. */
public interface Host {
  /** Whether it is a plain proxy. */
  boolean off();

  /** Turns the kill switch; false where the agent has none, since it serves its model itself. */
  boolean turn(boolean off);

  /** Has a route's trigger do this; false where the agent has no such trigger. */
  boolean trigger(String model, Command command);

  /** Whether it judges, or is to once its engine is loaded; else it has no use for artefacts. */
  boolean judges();

  /** What it judges by now; empty for nothing, and before its engine is loaded. */
  Optional<Judge> judge();

  /**
   * Reads an artefact without using it.
   *
   * @throws RuntimeException that says why it cannot be used
   */
  void check(Path folder);

  /**
   * Judges what begins from now on by this artefact, what is under way by the one before; waits
   * until it is so.
   *
   * @param folder empty for the configured one
   * @throws RuntimeException that says why not; all is as before then
   */
  void adopt(Optional<Path> folder);

  /** State of the ablated variant by origin. */
  Map<String, String> adapters();

  /**
   * A direction in use.
   *
   * @param name of the artefact
   * @param folder it was read from
   * @param baseline share of aligned scores at or below a score
   */
  record Judge(String name, Path folder, DoubleUnaryOperator baseline) {}
}
