package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.ArtefactInUse;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.calibrate.ScoreBaseline;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the meters say of the artefacts in use. */
final class ArtefactCards {
  /** What cannot be known where the states are another process's. */
  private static final String UNKNOWN = "unknown";

  private ArtefactCards() {}

  /** Of all directions of a model loaded here. */
  static List<ArtefactInUse> of(Sources sources, DirectionFolders directions) {
    List<ArtefactInUse> cards = new ArrayList<>();
    directions.own().forEach((name, each) -> cards.add(own(sources, name, each)));
    directions
        .beside()
        .forEach(
            (name, each) ->
                cards.add(
                    card(name, "beside", each.artefact(), fit(each), sources.beside().get(name))));
    return cards;
  }

  private static ArtefactInUse own(Sources sources, String name, Direction direction) {
    String role = name.equals(Sources.MAIN) ? "judge" : "control";
    Path folder = sources.directions().get(name);
    return card(direction.name(), role, direction.artefact(), fit(direction), folder);
  }

  /** Of the directions that read an origin's states or a client's tensors. */
  static List<ArtefactInUse> apart(Optional<Path> direction, Map<String, Path> beside) {
    List<ArtefactInUse> cards = new ArrayList<>();
    direction.ifPresent(
        folder -> {
          Artefact artefact = ArtefactFolder.read(folder);
          cards.add(card(artefact.name(), "judge", artefact, UNKNOWN, folder));
        });
    beside.forEach(
        (name, folder) ->
            cards.add(card(name, "beside", ArtefactFolder.read(folder), UNKNOWN, folder)));
    return cards;
  }

  private static String fit(Direction direction) {
    return fit(direction.fit());
  }

  private static String fit(Fit fit) {
    return fit.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static ArtefactInUse card(
      String name, String role, Artefact artefact, String fit, Path folder) {
    Calibration calibration = artefact.calibration();
    return new ArtefactInUse(
        name,
        role,
        artefact.model().id(),
        ArtefactFolder.digest(folder),
        artefact.probe().readout().tapPoints().stream()
            .map(Object::toString)
            .collect(Collectors.joining(",")),
        fit,
        artefact.created(),
        calibration.thresholdAnswer(),
        calibration.thresholdStream(),
        calibration.alpha(),
        ScoreBaseline.in(artefact)
            .map(found -> new ArtefactInUse.Baseline(found.shares(), found.count())));
  }
}
