package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.EngineSettings;
import dev.plumbline.agent.config.StatesSettings;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.tap.oip.OipTap;
import dev.plumbline.agent.tap.sglang.SglangTap;
import dev.plumbline.agent.tap.states.StatesScorer;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.agent.tap.vllm.CaptureTap;
import dev.plumbline.agent.tap.vllm.FileTap;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.residual.Conventions;
import dev.plumbline.core.residual.TapPoint;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the tap on an origin's own states with the artefact that reads it. No model is loaded. */
final class StatesTaps {
  private static final Logger LOG = LoggerFactory.getLogger(StatesTaps.class);

  private StatesTaps() {}

  /**
   * The tap, if one is configured; none yet where it is to be found out, but the artefact is read
   * then, too, to say at once if it cannot be.
   *
   * @throws CommandFailure {@link ExitCode#NOT_FITTING} if the artefact cannot be read there
   */
  static Optional<StatesScoring> open(EngineSettings engine, Signatures signatures) {
    return engine
        .states()
        .flatMap(
            settings -> {
              Artefact artefact = signatures.read(engine.direction().orElseThrow());
              Map<String, Artefact> beside = beside(engine, signatures);
              requireOneModel(artefact, beside);
              return settings.searched()
                  ? Optional.empty()
                  : Optional.of(open(settings, artefact, beside));
            });
  }

  /**
   * The tap by one way, whatever is configured.
   *
   * @throws CommandFailure {@link ExitCode#NOT_FITTING} if the artefact cannot be read there
   */
  static StatesScoring open(EngineSettings engine, StatesSource source, Signatures signatures) {
    return open(
        engine.states().orElseThrow().by(source),
        signatures.read(engine.direction().orElseThrow()),
        beside(engine, signatures));
  }

  private static Map<String, Artefact> beside(EngineSettings engine, Signatures signatures) {
    Map<String, Artefact> read = new TreeMap<>();
    engine.directions().forEach((name, path) -> read.put(name, signatures.read(path)));
    return read;
  }

  private static StatesScoring open(
      StatesSettings settings, Artefact artefact, Map<String, Artefact> beside) {
    Fit fit = settings.reference() ? new Fit.Exact() : new Fit.Unverified();
    try {
      List<Artefact> all = new ArrayList<>(beside.values());
      all.add(artefact);
      StatesTap tap = tap(settings, artefact, points(all));
      try {
        StatesScorer scorer = StatesScorer.of(artefact, fit, tap.points());
        Map<String, StatesScorer> others = new TreeMap<>();
        beside.forEach((name, each) -> others.put(name, StatesScorer.of(each, fit, tap.points())));
        LOG.info(
            "tap {}: states at {}; {}",
            settings.source(),
            tap.points(),
            settings.reference() ? "score and model_shift" : "model_shift only");
        StatesScoring scoring = new StatesScoring(tap, scorer, others);
        return settings.source() == StatesSource.OIP
            ? scoring.with(tensors(settings, tap.points(), scoring, artefact, fit))
            : scoring;
      } catch (IllegalArgumentException e) {
        tap.close();
        throw e;
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.NOT_FITTING, e.getMessage(), e);
    }
  }

  /** The origin's model is the judging direction's; the others must be of that one too. */
  private static void requireOneModel(Artefact artefact, Map<String, Artefact> beside) {
    List<String> misfits = new ArrayList<>();
    beside.forEach(
        (name, each) ->
            Fit.mismatches(each.model(), artefact.model())
                .forEach(mismatch -> misfits.add("directions." + name + ": " + mismatch)));
    if (!misfits.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FITTING,
          "wanted directions of the model of "
              + artefact.name()
              + ", found "
              + String.join("; ", misfits)
              + "; leave them out",
          null);
    }
  }

  private static StatesTap tap(StatesSettings settings, Artefact artefact, List<TapPoint> points) {
    return switch (settings.source()) {
      case VLLM_FILES -> files(settings, artefact, points);
      case VLLM_CAPTURE -> new CaptureTap(points, settings.bytes());
      case SGLANG -> new SglangTap(settings.bytes());
      case OIP -> new OipTap(points);
      case OFF, AUTO ->
          throw new IllegalArgumentException(
              "states.tap: wanted a tap, found " + settings.source());
    };
  }

  private static OipScoring tensors(
      StatesSettings settings,
      List<TapPoint> points,
      StatesScoring reader,
      Artefact artefact,
      Fit fit) {
    return new OipScoring(settings.tensor(), points, settings.bytes(), reader::read, artefact, fit);
  }

  private static FileTap files(StatesSettings settings, Artefact artefact, List<TapPoint> points) {
    int layers = artefact.model().layers();
    List<Integer> own = points.stream().map(p -> Conventions.vllmAuxiliaryId(p, layers)).toList();
    Path directory = settings.directory().orElseThrow();
    return new FileTap(
        new FileTap.Settings(
            directory,
            settings.servedDirectory().map(Path::of).orElse(directory),
            settings.layers().isEmpty() ? own : settings.layers(),
            layers,
            settings.patience(),
            settings.orphanAge(),
            settings.bytes()),
        Clock.systemUTC());
  }

  /** Where the artefacts read, in forward order. */
  private static List<TapPoint> points(List<Artefact> artefacts) {
    TreeSet<TapPoint> points = new TreeSet<>();
    for (Artefact artefact : artefacts) {
      points.addAll(artefact.probe().readout().tapPoints());
      artefact.modelShift().map(ModelShift::tapPoint).ifPresent(points::add);
    }
    return List.copyOf(points);
  }
}
