package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.ArtefactInUse;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.calibrate.ScoreBaseline;
import dev.plumbline.torch.artefact.TrustedArtefacts;
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
  static List<ArtefactInUse> of(
      Sources sources, DirectionFolders directions, Signatures signatures) {
    List<ArtefactInUse> cards = new ArrayList<>();
    directions.own().forEach((name, each) -> cards.add(own(sources, name, each, signatures)));
    directions
        .beside()
        .forEach(
            (name, each) ->
                cards.add(
                    card(name, "beside", signatures.open(sources.beside().get(name)), fit(each))));
    return cards;
  }

  private static ArtefactInUse own(
      Sources sources, String name, Direction direction, Signatures signatures) {
    String role = name.equals(Sources.MAIN) ? "judge" : "control";
    Path folder = sources.directions().get(name);
    return card(direction.name(), role, signatures.open(folder), fit(direction));
  }

  /** Of the directions that read an origin's states or a client's tensors. */
  static List<ArtefactInUse> apart(
      Optional<Path> direction, Map<String, Path> beside, Signatures signatures) {
    List<ArtefactInUse> cards = new ArrayList<>();
    direction.ifPresent(
        folder -> {
          TrustedArtefacts.Opened opened = signatures.open(folder);
          cards.add(card(opened.artefact().name(), "judge", opened, UNKNOWN));
        });
    beside.forEach(
        (name, folder) -> cards.add(card(name, "beside", signatures.open(folder), UNKNOWN)));
    return cards;
  }

  private static String fit(Direction direction) {
    return fit(direction.fit());
  }

  private static String fit(Fit fit) {
    return fit.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static ArtefactInUse card(
      String name, String role, TrustedArtefacts.Opened opened, String fit) {
    Artefact artefact = opened.artefact();
    Calibration calibration = artefact.calibration();
    return new ArtefactInUse(
        name,
        role,
        artefact.model().id(),
        opened.digest(),
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
