package dev.plumbline.learn.compare;

import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.UnitBootstrap;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code compare solutions} found, to look at. */
final class SolutionReport {
  private static final int DRAWS = 1000;

  private final List<Candidate> candidates;
  private final Efficiency efficiency;
  private final Stability stability;
  private final Significance documents;
  private final Optional<Significance> chats;
  private final long seed;
  private final UnitBootstrap texts;

  SolutionReport(
      List<Candidate> candidates,
      Efficiency efficiency,
      Stability stability,
      Significance documents,
      Optional<Significance> chats,
      long seed) {
    this.candidates = candidates;
    this.efficiency = efficiency;
    this.stability = stability;
    this.documents = documents;
    this.chats = chats;
    this.seed = seed;
    this.texts = new UnitBootstrap(efficiency.base().texts(), DRAWS, seed);
  }

  /**
   * The report.
   *
   * @param more sections after these
   */
  Report of(List<Section> more, ModelPin pin, boolean heldOut) {
    String general = first(Role.GENERAL);
    List<Section> sections = new ArrayList<>();
    sections.add(EfficiencySection.of(efficiency, texts));
    sections.add(StabilitySection.of(stability, turns()));
    sections.add(significance(documents, "pre-training text", general));
    chats.ifPresent(s -> sections.add(significance(s, "chat text", general)));
    List<Change> all =
        candidates.stream().filter(c -> c.role() != Role.RANDOM).map(Candidate::solution).toList();
    sections.add(GeometrySection.of(Gram.of(all), "the changes of the weights", "changes"));
    if (Change.sameForm(all)) {
      sections.add(GeometrySection.of(Gram.ofWriters(all), "the parts that write", "writers"));
    }
    sections.addAll(more);
    return new Report(
        "Solutions compared",
        verdict(general),
        caveats(heldOut, Change.sameForm(all)),
        from(pin),
        sections);
  }

  private UnitBootstrap turns() {
    int turns = stability.curves().isEmpty() ? 1 : stability.curves().get(0).turned().get(0).size();
    return new UnitBootstrap(turns, DRAWS, seed);
  }

  private Section significance(Significance significance, String what, String general) {
    return SignificanceSection.of(
        significance, what, efficiency.meanNorm(), general, significance.bootstrap(DRAWS, seed));
  }

  private String first(Role role) {
    return candidates.stream()
        .filter(c -> c.role() == role)
        .map(Candidate::name)
        .findFirst()
        .orElseThrow();
  }

  /** One sentence a metric: the difference and whether its interval leaves 0, or 1, out. */
  private String verdict(String general) {
    String narrow = first(Role.NARROW);
    Estimate efficient = efficiency.advantage(general, narrow, texts);
    int at = documents.nearest(efficiency.meanNorm());
    Estimate ratio = documents.ratio(general, narrow, at, documents.bootstrap(DRAWS, seed));
    return "At equal norm, up to the mean one, "
        + general
        + (efficient.low() > 0
            ? " loses less than "
            : efficient.high() < 0 ? " loses more than " : " loses as much as ")
        + narrow
        + ": by "
        + Rounded.of(efficient)
        + " nats a token. "
        + stable(general, narrow)
        + "On pre-training text its unit direction moves predictions "
        + Rounded.of(ratio)
        + " times as much"
        + (ratio.low() > 1
            ? ": it matters more to the model."
            : ratio.high() < 1 ? ": it matters less." : ": no difference is shown.");
  }

  private String stable(String general, String narrow) {
    if (stability.withoutGain().contains(general) || stability.withoutGain().contains(narrow)) {
      return "Its stability was not measured: one of them gains nothing on the held-out texts. ";
    }
    Estimate more = stability.advantage(general, narrow, turns());
    return "Turned at random, "
        + narrow
        + (more.low() > 0 ? " loses more" : more.high() < 0 ? " loses less" : " loses as much")
        + " of its gain: by "
        + Rounded.of(more)
        + " points up to ε = 0.5. ";
  }

  private List<String> caveats(boolean heldOut, boolean sameForm) {
    List<String> caveats = new ArrayList<>();
    if (!sameForm) {
      caveats.add(
          "The solutions have other ranks or modules: their B are not compared, only their changes"
              + " of the weights.");
    }
    if (!heldOut) {
      caveats.add("No held-out texts: the stability was measured on the task's own file.");
    }
    caveats.add(
        "One pair of trainings: intervals are over texts and turns, not over trainings. Repeat"
            + " with other seeds before believing a difference of the recipes.");
    return caveats;
  }

  private Map<String, String> from(ModelPin pin) {
    Map<String, String> from = new LinkedHashMap<>();
    from.put("model", pin.id() + " " + pin.revision());
    from.put("weights", pin.weightFingerprint());
    from.put("seed", Long.toString(seed));
    return from;
  }
}
