package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.calibrate.ScoreBaseline;
import dev.plumbline.core.stats.Estimate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An artefact for a person: what must be known first comes first. */
final class ArtefactText {
  private final Artefact artefact;
  private final StringBuilder out = new StringBuilder();

  private ArtefactText(Artefact artefact) {
    this.artefact = artefact;
  }

  static String of(Artefact artefact) {
    ArtefactText text = new ArtefactText(artefact);
    text.head();
    text.warnings();
    text.figures();
    text.directions();
    text.probe();
    text.extras();
    return text.out.toString();
  }

  private void head() {
    ModelPin model = artefact.model();
    line("direction   %s, %s", artefact.name(), artefact.created());
    line(
        "model       %s (%s), %s, L %d, D %d, V %d",
        model.id(),
        model.revision(),
        model.architecture(),
        model.layers(),
        model.hidden(),
        model.vocabulary());
    line("weights     %s", model.weightFingerprint());
    line(
        "validated   %s",
        artefact.validatedFingerprints().isEmpty()
            ? "on no other weights"
            : artefact.validatedFingerprints());
    line(
        "estimator   %s, seed %d, %s",
        artefact.provenance().estimator(),
        artefact.provenance().seed(),
        artefact.provenance().dtype());
    line("counts      %s", artefact.provenance().counts());
  }

  private void warnings() {
    List<String> warnings = artefact.quality().warnings();
    if (warnings.isEmpty()) {
      line("%nEvery control was measured and is beaten.");
      return;
    }
    line("%n!!! WARNING: this direction has not shown that it means what it says");
    warnings.forEach(warning -> line("!!!   %s", warning));
  }

  private void figures() {
    line("%n%-26s %8s  %-18s %8s", "figure", "value", "interval", "count");
    for (Map.Entry<Figure, Estimate> entry : artefact.quality().figures().entrySet()) {
      Estimate estimate = entry.getValue();
      String interval =
          estimate.interval().map(i -> format("[%.4f, %.4f]", i.low(), i.high())).orElse("");
      line(
          "%-26s %8.4f  %-18s %8d",
          entry.getKey().wireName(), estimate.value(), interval, estimate.count());
    }
  }

  private void directions() {
    line("%n%-14s %12s %12s", "tap point", "aligned mean", "spread");
    for (TapDirection each : artefact.directions()) {
      line("%-14s %12.4f %12.4f", each.tapPoint(), each.alignedMean(), each.alignedSpread());
    }
  }

  private void probe() {
    Calibration c = artefact.calibration();
    line(
        "%nprobe       at %s, %s, scale over %d offsets",
        artefact.probe().readout().tapPoints(),
        artefact.probe().pooling().wireName(),
        artefact.probe().scale().offsets());
    line("score       1/(1 + exp(-(%.4f z %+.4f)))", c.sigmoid().a(), c.sigmoid().b());
    line(
        "thresholds  answer %.4f, stream %.4f at alpha %s on %d exchanges; checked after %d tokens, then every %d",
        c.thresholdAnswer(),
        c.thresholdStream(),
        c.alpha(),
        c.exchanges(),
        c.checkpoints().first(),
        c.checkpoints().every());
    line(
        "baseline    %s",
        ScoreBaseline.in(artefact).map(BaselineText::of).orElse(BaselineText.NONE));
    artefact
        .modelShift()
        .ifPresent(
            shift ->
                line(
                    "model_shift at %s, mean %.4f, spread %.4f over pools of %d",
                    shift.tapPoint(),
                    shift.alignedMean(),
                    shift.alignedSpread(),
                    shift.exchangesPerPool()));
  }

  private void extras() {
    Map<String, Double> extra = new TreeMap<>(artefact.quality().extra());
    extra.keySet().removeIf(ScoreBaseline::names);
    if (!extra.isEmpty()) {
      line("%nalso measured");
      extra.forEach((name, value) -> line("  %-52s %10.4f", name, value));
    }
  }

  private void line(String format, Object... values) {
    out.append(format(format, values)).append(System.lineSeparator());
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
