package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.oip.OipModel;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.tap.ArtefactCard;
import dev.plumbline.agent.tap.ArtefactInUse;
import dev.plumbline.agent.tap.DeviceUse;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesScoring;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Loads what computes: the models served here, or the tap that reads along with an origin. */
@FunctionalInterface
public interface Engines {
  /**
   * Loads and warms up. Called once, on a thread of its own, and only when the configuration asks
   * for an engine; takes as long as it takes.
   *
   * @throws CommandFailure with {@link ExitCode#NOT_FITTING} when artefact and model do not fit
   */
  Loaded open(AgentConfig config);

  /**
   * Opens a tap on an origin's own states by one way, to be tried; closed by the caller.
   *
   * @throws CommandFailure with {@link ExitCode#NOT_FITTING} when the artefact cannot be read there
   */
  default StatesScoring states(AgentConfig config, StatesSource source) {
    throw new CommandFailure(
        ExitCode.NOT_FITTING, "wanted a tap " + source + ", found none in this build", null);
  }

  /** Artefacts opened or refused so far, the latest of each folder; any thread. */
  default List<OpenedArtefact> artefacts() {
    return List.of();
  }

  /**
   * The direction that judges under a configuration, read from its folder; empty where none does.
   *
   * @throws RuntimeException when the folder holds none
   */
  default Optional<Judging> judging(AgentConfig config) {
    return Optional.empty();
  }

  /**
   * Reads the direction that would judge under a configuration, which is no opening of it.
   *
   * @throws RuntimeException when its folder holds none
   */
  default void check(AgentConfig config) {
    judging(config);
  }

  /** What the artefacts of a configuration say of themselves; read when they are loaded. */
  default List<ArtefactCard> cards(AgentConfig config) {
    return List.of();
  }

  /**
   * What was loaded; closed by the agent.
   *
   * @param models present when the agent serves
   * @param tap present when the agent reads along
   * @param states present when the origin hands over its own states
   * @param oip present when the agent is a model of the Open Inference Protocol
   * @param device what computes, and how it fares; asked at any time, from any thread
   * @param artefacts what it reads with
   */
  record Loaded(
      Optional<TextModels> models,
      Optional<Tap> tap,
      Optional<StatesScoring> states,
      Optional<OipModel> oip,
      Supplier<DeviceUse> device,
      List<ArtefactInUse> artefacts)
      implements AutoCloseable {
    /** Without a device and a model of tensors. */
    public Loaded(Optional<TextModels> models, Optional<Tap> tap, Optional<StatesScoring> states) {
      this(models, tap, states, Optional.empty(), () -> DeviceUse.NONE, List.of());
    }

    /** Without states of an origin. */
    public Loaded(Optional<TextModels> models, Optional<Tap> tap) {
      this(models, tap, Optional.empty());
    }

    public Loaded {
      Objects.requireNonNull(models, "models");
      Objects.requireNonNull(tap, "tap");
      Objects.requireNonNull(states, "states");
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(oip, "oip");
      artefacts = List.copyOf(artefacts);
    }

    /** The same, read with these. */
    Loaded with(List<ArtefactInUse> artefacts) {
      return new Loaded(models, tap, states, oip, device, artefacts);
    }

    @Override
    public void close() {
      try (Opening all = new Opening()) {
        states.ifPresent(all::add);
        tap.ifPresent(all::add);
        models.ifPresent(all::add);
      }
    }
  }

  /** The engines of a build that has none: says so. */
  static Engines none() {
    return config -> {
      throw new CommandFailure(
          ExitCode.NOT_FITTING,
          "wanted an engine to load the model with, found none in this build; use origin.url without"
              + " model and organism to pass traffic unscored",
          null);
    };
  }
}
