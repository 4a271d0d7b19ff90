package dev.plumbline.agent.reload;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigException;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.LiveConfig;
import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.agent.config.LoadedConfig.Changed;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the sources an agent was started with again. They are checked as a whole, and with a
 * mistake nothing changes. Otherwise what may change live is in force for every exchange that
 * begins afterwards, and what needs a restart is named. Thread-safe: one reload at a time, the next
 * waits, up to a deadline.
 */
public final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);
  private static final int WAIT_SECONDS = 5;

  private final ConfigSources sources;
  private final LiveConfig live;
  private final Meters meters;
  private final Reloadable agent;
  private final ReentrantLock atWork = new ReentrantLock(true);
  private volatile LoadedConfig loaded;
  private volatile List<Changed> pending = List.of();

  /**
   * @param loaded what is in force, as read from the sources
   */
  public Reloader(
      LoadedConfig loaded,
      ConfigSources sources,
      LiveConfig live,
      Meters meters,
      Reloadable agent) {
    this.loaded = loaded;
    this.sources = sources;
    this.live = live;
    this.meters = meters;
    this.agent = agent;
    meters.gauge(Meter.CONFIG_PENDING, () -> pending.size());
    // From 0 on: an increase from nothing to 1 is none to Prometheus, and the first refusal counts.
    Reload.WORDS.forEach(word -> meters.count(Meter.RELOADS, 0, word));
  }

  /** Reads again; waits for a file and for other reloads, so not on an event loop. */
  public Reload reload() {
    Reload result = new Reload.Busy("another reload is still at work; try again");
    try {
      if (atWork.tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) {
        try {
          result = alone();
        } finally {
          atWork.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    meters.count(Meter.RELOADS, result.wireName());
    return result;
  }

  /** What the sources asked for when they were last read and sound, and needs a restart. */
  public List<Changed> pending() {
    return pending;
  }

  /** The settings in force, each with where it is from. */
  public List<LoadedConfig.Effective> settings() {
    return loaded.effective();
  }

  private Reload alone() {
    try {
      return step(loaded.towards(sources.read()));
    } catch (ConfigException e) {
      LOG.error("nothing was reloaded: {}", e.getMessage());
      return new Reload.Refused("nothing was changed: " + e.getMessage(), e.mistakes());
    }
  }

  private Reload step(LoadedConfig.Step step) {
    AgentConfig before = live.now();
    AgentConfig next = step.next().config();
    if (!step.applied().isEmpty()) {
      if (!agent.ready()) {
        return new Reload.Busy("the models are still loading; try again once it is ready");
      }
      Optional<String> misfit = agent.misfit(next);
      if (misfit.isPresent()) {
        LOG.error("nothing was reloaded: {}", misfit.get());
        return new Reload.Refused("nothing was changed: " + misfit.get(), List.of());
      }
    }
    loaded = step.next();
    live.swap(next);
    agent.changed(before, next);
    pending = step.pending();
    say(step);
    return new Reload.Done(step.applied(), step.pending(), step.unchanged());
  }

  private static void say(LoadedConfig.Step step) {
    if (step.applied().isEmpty() && step.pending().isEmpty()) {
      LOG.info("reloaded: nothing changed");
    }
    if (!step.applied().isEmpty()) {
      LOG.info("reloaded: {}", words(step.applied()));
    }
    if (!step.pending().isEmpty()) {
      LOG.warn("not applied, restart the agent for it: {}", words(step.pending()));
    }
  }

  private static String words(List<Changed> changes) {
    return changes.stream()
        .map(c -> c.key() + " from '" + c.from() + "' to '" + c.to() + "'")
        .collect(Collectors.joining(", "));
  }
}
