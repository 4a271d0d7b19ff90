package dev.plumbline.agent;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.ArtefactInUse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** Says what runs here and what it reads with, also when that changes. Thread-safe. */
final class ArtefactMeters {
  /** Digits of a digest that go on a label: enough to tell artefacts apart at a glance. */
  private static final int DIGITS = 16;

  private final Meters meters;
  private final Map<String, ArtefactInUse> now = new ConcurrentHashMap<>();
  private final Map<String, Boolean> known = new HashMap<>();

  ArtefactMeters(Meters meters) {
    this.meters = meters;
  }

  /** The build. */
  void build() {
    String version = ArtefactMeters.class.getPackage().getImplementationVersion();
    meters.info(
        Meter.BUILD_INFO,
        version == null ? "unpackaged" : version,
        Runtime.version().feature() + "." + Runtime.version().update());
  }

  /** The artefacts that are read with from now on, and no others. */
  synchronized void show(List<ArtefactInUse> artefacts) {
    now.values().forEach(this::forget);
    now.clear();
    artefacts.forEach(this::show);
  }

  /** A baseline of one that is gone would be held against the scores of its successor. */
  private void forget(ArtefactInUse before) {
    meters.forget(Meter.ARTEFACT_INFO, labels(before));
    meters.forgetBaseline(before.name());
  }

  private void show(ArtefactInUse artefact) {
    String name = artefact.name();
    now.put(name, artefact);
    meters.info(Meter.ARTEFACT_INFO, labels(artefact));
    if (known.put(name, true) == null) {
      figure(Meter.ARTEFACT_CREATED, each -> each.created().getEpochSecond(), name);
      figure(Meter.ARTEFACT_ALPHA, ArtefactInUse::alpha, name);
      figure(Meter.SCORE_THRESHOLD, ArtefactInUse::thresholdAnswer, name, "answer");
      figure(Meter.SCORE_THRESHOLD, ArtefactInUse::thresholdStream, name, "stream");
    }
    artefact.baseline().ifPresent(found -> meters.baseline(name, found.shares(), found.count()));
  }

  /** Of the artefact of that name at the time of the scrape; not a number while there is none. */
  private void figure(Meter meter, ToDoubleFunction<ArtefactInUse> of, String... labels) {
    meters.amount(
        meter,
        () -> Optional.ofNullable(now.get(labels[0])).map(of::applyAsDouble).orElse(Double.NaN),
        labels);
  }

  private static String[] labels(ArtefactInUse artefact) {
    return new String[] {
      artefact.model(),
      artefact.name(),
      artefact.digest().substring(0, DIGITS),
      artefact.role(),
      artefact.tapPoints(),
      artefact.fit()
    };
  }
}
