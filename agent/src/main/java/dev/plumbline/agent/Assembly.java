package dev.plumbline.agent;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.cli.Launcher;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.config.TlsFiles;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.embedded.TorchEngines;
import dev.plumbline.agent.fleet.Fleet;
import dev.plumbline.agent.fleet.hazelcast.HazelcastFleet;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesScoring;
import java.util.Objects;
import java.util.function.Function;

/** Puts an agent together; the only class that may name an engine's or the fleet's own classes. */
public final class Assembly implements Launcher {
  private final Engines engines;
  private final AblatedVariants variants;
  private final Function<FleetSettings, Fleet> fleets;

  /** An assembly around these engines. */
  public Assembly(Engines engines) {
    this(engines, AblatedVariants.NONE);
  }

  /**
   * @param variants who answers without the direction
   */
  public Assembly(Engines engines, AblatedVariants variants) {
    // No method reference: it would load the class with this one, fleet or not.
    this(engines, variants, settings -> new HazelcastFleet(settings));
  }

  /**
   * @param fleets makes the way to other agents; asked only where there is a fleet
   */
  Assembly(Engines engines, AblatedVariants variants, Function<FleetSettings, Fleet> fleets) {
    this.fleets = Objects.requireNonNull(fleets, "fleets");
    this.engines = Objects.requireNonNull(engines, "engines");
    this.variants = Objects.requireNonNull(variants, "variants");
  }

  /** The assembly of the command. */
  public static Assembly standard() {
    return new Assembly(builtIn());
  }

  // ---------------------------------------------------------------------------------------------
  // The place where the engines of this build are named: TextModels for what the agent serves, Tap
  // for what it reads along with an origin.
  private static Engines builtIn() {
    return new TorchEngines();
  }

  // ---------------------------------------------------------------------------------------------

  @Override
  public RunningAgent launch(AgentConfig config) {
    TlsFiles.require(config);
    return launch(new RunningAgent(config, variants, fleets));
  }

  @Override
  public RunningAgent launch(LoadedConfig loaded, ConfigSources sources) {
    TlsFiles.require(loaded.config());
    RunningAgent agent = new RunningAgent(loaded.config(), variants, fleets);
    agent.reloadFrom(loaded, sources);
    return launch(agent);
  }

  private RunningAgent launch(RunningAgent agent) {
    agent.listen();
    agent.load(engines);
    return agent;
  }

  @Override
  public Tap reader(AgentConfig config) {
    return engines
        .open(config)
        .tap()
        .orElseThrow(
            () -> new CommandFailure(ExitCode.NOT_FITTING, "wanted a tap, found none", null));
  }

  @Override
  public StatesScoring states(AgentConfig config, StatesSource way) {
    return engines.states(config, way);
  }
}
