package dev.plumbline.agent;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.tap.Tap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Real agents on free ports around scripted engines. */
public final class Agents {
  private Agents() {}

  /** Serves scripted models. */
  static RunningAgent serving(TextModels models, String... settings) {
    Map<String, String> flags = flags(settings);
    flags.putIfAbsent("organism", "true");
    return ready(flags, config -> new Engines.Loaded(Optional.of(models), Optional.empty()));
  }

  /** Stands in front of an origin, read by a scripted tap. */
  static RunningAgent reading(int originPort, Tap tap, String... settings) {
    Map<String, String> flags = flags(settings);
    flags.put("origin.url", "http://127.0.0.1:" + originPort);
    flags.putIfAbsent("organism", "true");
    return ready(flags, config -> new Engines.Loaded(Optional.empty(), Optional.of(tap)));
  }

  /** The same, with somebody who answers without the direction. */
  static RunningAgent rescuing(
      int originPort, Tap tap, AblatedVariants variants, String... settings) {
    Map<String, String> flags = flags(settings);
    flags.put("origin.url", "http://127.0.0.1:" + originPort);
    flags.putIfAbsent("organism", "true");
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
    Engines engines = any -> new Engines.Loaded(Optional.empty(), Optional.of(tap));
    RunningAgent agent = new Assembly(engines, variants).launch(config);
    agent.awaitReady();
    return agent;
  }

  /** Stands in front of an origin; scoring is off. */
  static RunningAgent passing(int originPort, String... settings) {
    Map<String, String> flags = flags(settings);
    flags.put("origin.url", "http://127.0.0.1:" + originPort);
    return ready(flags, Engines.none());
  }

  /** Stands in front of an origin; the organism's reader reads. */
  static RunningAgent withReader(int originPort, String... settings) {
    Map<String, String> flags = flags(settings);
    flags.put("origin.url", "http://127.0.0.1:" + originPort);
    flags.put("organism", "true");
    RunningAgent agent =
        (RunningAgent)
            Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agent.awaitReady();
    return agent;
  }

  private static RunningAgent ready(Map<String, String> flags, Engines engines) {
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
    RunningAgent agent = new Assembly(engines).launch(config);
    agent.awaitReady();
    return agent;
  }

  private static Map<String, String> flags(String... settings) {
    Map<String, String> flags =
        new HashMap<>(Map.of("port", "0", "admin.port", "0", "shutdown.deadline", "5s"));
    // Scripted origins have no list of models, and would wonder at being asked for one.
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      flags.put(parts[0], parts[1]);
    }
    return flags;
  }

  /** Waits for something that happens on another thread, up to a generous bound. */
  public static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain for: " + what);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The verdicts of so many settled exchanges, once none is open. */
  static void awaitVerdicts(RunningAgent agent, int count) {
    await(
        count + " verdicts",
        () -> agent.ledger().unsettled() == 0 && agent.ledger().latest(1000).size() >= count);
    if (agent.ledger().latest(1000).size() != count) {
      throw new AssertionError(
          "wanted " + count + " verdicts, found " + agent.ledger().latest(1000).size());
    }
  }
}
