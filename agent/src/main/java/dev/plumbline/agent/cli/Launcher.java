package dev.plumbline.agent.cli;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesScoring;
import java.util.OptionalInt;

/** Starts an agent; the command line knows no more of it. */
public interface Launcher {
  /**
   * Binds the ports and begins to load; returns when both ports are bound.
   *
   * @throws CommandFailure when it cannot
   */
  Running launch(AgentConfig config);

  /**
   * The same, with where the settings are from: the agent may read them again.
   *
   * @param loaded as just read from the sources
   * @throws CommandFailure when it cannot
   */
  default Running launch(LoadedConfig loaded, ConfigSources sources) {
    return launch(loaded.config());
  }

  /**
   * Opens the tap of a configuration and nothing else; closed by the caller.
   *
   * @throws CommandFailure when it cannot
   */
  default Tap reader(AgentConfig config) {
    throw new CommandFailure(ExitCode.NOT_FITTING, "wanted a tap, found none in this build", null);
  }

  /**
   * Opens a tap on an origin's own states by one way, to be tried; closed by the caller.
   *
   * @throws CommandFailure when it cannot
   */
  default StatesScoring states(AgentConfig config, StatesSource way) {
    throw new CommandFailure(ExitCode.NOT_FITTING, "wanted a tap, found none in this build", null);
  }

  /** An agent that listens. */
  interface Running extends AutoCloseable {
    int port();

    int adminPort();

    /** Reads its settings again, where it knows from where; tells log and metrics of the result. */
    default void reload() {}

    /** The Open Inference Protocol's, where it is spoken. */
    default OptionalInt oipPort() {
      return OptionalInt.empty();
    }

    /**
     * Waits until it is ready.
     *
     * @throws CommandFailure when it will never be
     */
    void awaitReady();

    /** Waits until it was stopped. */
    void awaitStop() throws InterruptedException;

    /**
     * Finishes what is in flight, up to the configured deadline, and ends; any thread, any times.
     */
    @Override
    void close();
  }
}
