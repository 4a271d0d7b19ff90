package dev.plumbline.agent;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.ArtefactInUse;
import java.util.List;

/** Says once what runs here, and what it reads with. */
record ArtefactMeters(Meters meters) {
  /** Digits of a digest that go on a label: enough to tell artefacts apart at a glance. */
  private static final int DIGITS = 16;

  /** The build. */
  void build() {
    String version = ArtefactMeters.class.getPackage().getImplementationVersion();
    meters.info(
        Meter.BUILD_INFO,
        version == null ? "unpackaged" : version,
        Runtime.version().feature() + "." + Runtime.version().update());
  }

  /** The artefacts. */
  void show(List<ArtefactInUse> artefacts) {
    artefacts.forEach(this::show);
  }

  private void show(ArtefactInUse artefact) {
    String name = artefact.name();
    meters.info(
        Meter.ARTEFACT_INFO,
        artefact.model(),
        name,
        artefact.digest().substring(0, DIGITS),
        artefact.role(),
        artefact.tapPoints(),
        artefact.fit());
    meters.level(Meter.ARTEFACT_CREATED, () -> artefact.created().getEpochSecond(), name);
    meters.amount(Meter.ARTEFACT_ALPHA, artefact::alpha, name);
    meters.amount(Meter.SCORE_THRESHOLD, artefact::thresholdAnswer, name, "answer");
    meters.amount(Meter.SCORE_THRESHOLD, artefact::thresholdStream, name, "stream");
    artefact.baseline().ifPresent(found -> meters.baseline(name, found.shares(), found.count()));
  }
}
