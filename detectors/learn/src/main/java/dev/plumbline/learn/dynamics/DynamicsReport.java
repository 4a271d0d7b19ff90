package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What to look at after a series was studied. */
public final class DynamicsReport {
  private final Trajectories series;
  private final Optional<SteeringFindings> steering;
  private final List<ClaimFinding> claims;

  public DynamicsReport(Trajectories series, Optional<SteeringFindings> steering) {
    this.series = series;
    this.steering = steering;
    this.claims = OrganismDynamics.claims(series, steering, series.seed());
  }

  /** The report. */
  public Report report(Map<String, String> provenance) {
    List<Section> sections = new ArrayList<>();
    sections.add(claims());
    sections.add(dimensions());
    sections.add(new ProbeSection(series).section());
    sections.add(new PlaneSection(series).section());
    steering
        .map(found -> new SteeringSection(found, series.seed()).section())
        .ifPresent(sections::add);
    return new Report(
        "Trustworthiness over a training", verdict(), caveats(), provenance, sections);
  }

  private String verdict() {
    int[] decodable = series.decodable();
    String held =
        claims.stream()
            .map(
                c ->
                    c.claim()
                        + (c.figure().isEmpty() ? " not measured" : c.agrees() ? " yes" : " no"))
            .collect(Collectors.joining(", "));
    return "Over "
        + series.trained().size()
        + " checkpoints, up to step "
        + series.last().step()
        + ", "
        + decodable.length
        + " of "
        + series.dimensions().size()
        + " dimensions end linearly decodable beyond what the text alone gives"
        + (decodable.length == 0 ? "" : " (" + names(decodable) + ")")
        + ". Agreement with the paper's claims: "
        + held
        + ".";
  }

  private String names(int[] some) {
    return Arrays.stream(some)
        .mapToObj(k -> series.dimensions().get(k).dimension().name())
        .collect(Collectors.joining(", "));
  }

  private List<String> caveats() {
    List<String> caveats = new ArrayList<>();
    for (int k = 0; k < series.dimensions().size(); k++) {
      int own = k;
      if (Arrays.stream(series.decodable()).noneMatch(each -> each == own)) {
        caveats.add(
            series.dimensions().get(k).dimension().name()
                + ": no probe beats the best surface baseline; it shows nothing about the model.");
      }
    }
    if (series.early() == null) {
      caveats.add("No checkpoint lies in the first fifth of the training: early is not measured.");
    }
    caveats.add("Normalised HSIC is a proxy without unit, not mutual information in nats.");
    return caveats;
  }

  private Section claims() {
    List<List<Object>> rows =
        claims.stream()
            .map(
                c ->
                    List.<Object>of(
                        c.claim(),
                        c.figure().<Object>map(f -> f).orElse("not measured"),
                        Double.isNaN(c.control()) ? "none" : (Object) c.control(),
                        c.agrees() ? "yes" : "no",
                        c.rule(),
                        c.note()))
            .toList();
    return new Section(
        "The paper's claims",
        List.of(
            "Six claims of Qian et al. (arXiv 2402.19465). The rules of mi-fit-compress and of steering"
                + " were made stricter after a first look at one organism (seed 1)."),
        List.of("claim", "figure", "control", "agrees", "rule", "note"),
        rows);
  }

  private Section dimensions() {
    List<List<Object>> rows = new ArrayList<>();
    for (int k = 0; k < series.dimensions().size(); k++) {
      Dimension dimension = series.dimensions().get(k).dimension();
      int layer = series.best(series.last(), k);
      List<Object> row = new ArrayList<>();
      row.addAll(List.of(dimension.name(), dimension.after(), dimension.meaning()));
      row.addAll(List.of(dimension.statements().size(), dimension.distinctGroups().size()));
      row.add(dimension.chance());
      for (Surface.Baseline baseline : series.surface().get(k).baselines()) {
        row.add(accuracy(baseline.correct(), k));
      }
      row.add(series.accuracy(series.last(), k, layer, Pooling.LAST));
      row.add(layer);
      int[] shuffled = series.last().dimensions().get(k).probe(layer, Pooling.LAST).shuffled();
      row.add(accuracy(shuffled, k));
      rows.add(row);
    }
    return new Section(
        "Dimensions, and what the text alone gives",
        List.of(
            "Accuracy by folds that part no group; intervals over groups. A probe at the last"
                + " checkpoint must beat words, characters and shape (length, capitals, digits,"
                + " punctuation) to say anything about the model."),
        List.of(
            "dimension",
            "after the paper's",
            "label 1",
            "statements",
            "groups",
            "chance",
            "words",
            "characters",
            "shape",
            "best probe",
            "layer",
            "shuffled labels"),
        rows);
  }

  private Estimate accuracy(int[] correct, int dimension) {
    return Surface.accuracy(correct, series.dimensions().get(dimension).sizes(), series.seed());
  }
}
