package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.KeptTokens;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.direction.Readout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens artefacts and gives their readouts places in the one product that a pass computes at each
 * tap point: {@code [T,D]·[D,K]}, whatever K is. One use, one thread.
 */
final class DirectionFolders {
  private static final Logger LOG = LoggerFactory.getLogger(DirectionFolders.class);

  private final ModelPin pin;
  private final Signatures signatures;
  private final Map<String, Direction> own = new LinkedHashMap<>();
  private final Map<String, Direction> beside = new LinkedHashMap<>();
  private final List<Readout> readouts = new ArrayList<>();
  private final List<String> misfits = new ArrayList<>();
  private Optional<Keep> keep = Optional.empty();

  private DirectionFolders(ModelPin pin, Signatures signatures) {
    this.pin = pin;
    this.signatures = signatures;
  }

  /**
   * Opens all directions of a model.
   *
   * @throws CommandFailure {@link ExitCode#NOT_FITTING}, naming all that do not fit
   */
  static DirectionFolders open(Sources sources, ModelPin pin, Signatures signatures) {
    DirectionFolders folders = new DirectionFolders(pin, signatures);
    sources.directions().forEach((name, path) -> folders.open(folders.own, name, path, true));
    sources.beside().forEach((name, path) -> folders.open(folders.beside, name, path, false));
    if (!folders.misfits.isEmpty()) {
      throw new CommandFailure(ExitCode.NOT_FITTING, String.join("\n", folders.misfits), null);
    }
    return folders;
  }

  private void open(Map<String, Direction> into, String name, Path path, boolean withShift) {
    Artefact artefact = signatures.read(path);
    Fit fit = artefact.fit(pin);
    if (!fit.mayScore()) {
      misfits.add("direction " + path + " does not fit " + pin.id() + ": " + fit.explain());
      return;
    }
    LOG.info("direction {}: {}", withShift ? artefact.name() : name, fit.explain());
    into.put(name, new Direction(artefact, fit, readouts.size()));
    readouts.addAll(withShift ? Direction.readouts(artefact) : List.of(artefact.probe().readout()));
  }

  /** Keeps what is asked for of the tokens that the main direction judges; before the next. */
  void keep(KeptTokens asked) {
    if (asked.on()) {
      keep = Optional.ofNullable(own.get(Sources.MAIN)).map(m -> Keep.of(m, asked, readouts));
    }
  }

  /** What the engine reads, in the order of the directions' places. */
  List<Readout> readouts() {
    return List.copyOf(readouts);
  }

  /** The direction that judges and ablates, and the controls. */
  Map<String, Direction> own() {
    return own;
  }

  /** What is read beside, by configured name. */
  Map<String, Direction> beside() {
    return beside;
  }

  /** What judges, with all that is read beside it. */
  Optional<Directions> judging() {
    return Optional.ofNullable(own.get(Sources.MAIN))
        .map(main -> new Directions(main, beside, keep));
  }
}
