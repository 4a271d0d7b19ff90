package dev.plumbline.learn.reproduce;

import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All claims as a report, and as the table of {@code PAPERS.md}. */
final class ReproductionReport {
  private static final String TITLE = "The papers' claims on the miniature organism";

  private final List<Reproduced> claims;
  private final Map<String, String> provenance;

  ReproductionReport(List<Reproduced> claims, Map<String, String> provenance) {
    this.claims = List.copyOf(claims);
    this.provenance = provenance;
  }

  Report report() {
    return new Report(TITLE, verdict(), caveats(), provenance, List.of(table(), notes()));
  }

  private String verdict() {
    String held = ids("agrees");
    List<String> parts = new ArrayList<>();
    long agreeing = claims.stream().filter(Reproduced::agrees).count();
    parts.add(
        agreeing
            + " of "
            + claims.size()
            + " claims hold here by their rules"
            + (held.isEmpty() ? "." : ": " + held + "."));
    String fallen = ids("does not agree");
    if (!fallen.isEmpty()) {
      parts.add("These do not: " + fallen + ".");
    }
    String open = ids("not measured");
    if (!open.isEmpty()) {
      parts.add("Not measured: " + open + ".");
    }
    return String.join(" ", parts);
  }

  private String ids(String verdict) {
    return claims.stream()
        .filter(claim -> claim.verdict().startsWith(verdict))
        .map(claim -> claim.claim().id())
        .collect(Collectors.joining(", "));
  }

  private static List<String> caveats() {
    return List.of(
        "A world of half a million parameters: agreement says that the procedure finds what is"
            + " there, not that large models behave so.",
        "With several seeds the figure is their mean, the interval the union of their 95 %"
            + " intervals, and a claim agrees only if every seed does.",
        "Rules were written before measuring, but six were made stricter afterwards: mi-fit-compress"
            + " and the two of checkpoint steering after a first look at seed 1, directions-converge,"
            + " kl-reverts and phase-transition (a further control each) after seeds 1 and 2.");
  }

  private Section table() {
    List<List<Object>> rows = new ArrayList<>();
    for (Reproduced each : claims) {
      rows.add(
          List.of(
              each.claim().id(),
              each.claim().paper(),
              Reproduced.number(each.figure()),
              each.interval(),
              Reproduced.number(each.control()),
              each.verdict()));
    }
    return new Section(
        "Claims",
        List.of(),
        List.of("claim", "paper", "figure", "interval", "control", "here"),
        rows,
        plot());
  }

  /** Shares and correlations, which share an axis; other figures are in the table alone. */
  private List<Plot> plot() {
    List<Reproduced> unit =
        claims.stream()
            .filter(c -> c.low() >= -1 && c.high() <= 1 && Double.isFinite(c.control()))
            .filter(c -> Math.abs(c.control()) <= 1)
            .toList();
    if (unit.isEmpty()) {
      return List.of();
    }
    double[] x = IntStream.range(0, unit.size()).asDoubleStream().toArray();
    Series figure =
        new Series(
            "figure",
            x,
            unit.stream().mapToDouble(Reproduced::figure).toArray(),
            unit.stream().mapToDouble(Reproduced::low).toArray(),
            unit.stream().mapToDouble(Reproduced::high).toArray());
    Series control =
        new Series("control", x, unit.stream().mapToDouble(Reproduced::control).toArray());
    List<String> names = unit.stream().map(c -> c.claim().id()).toList();
    return List.of(
        new Plot.Bars("claims", "Figure and control", "", "", names, List.of(figure, control)));
  }

  private Section notes() {
    List<List<Object>> rows = new ArrayList<>();
    for (Reproduced each : claims) {
      for (int i = 0; i < each.seeds().size(); i++) {
        rows.add(
            List.of(
                each.claim().id(),
                each.seeds().size() == 1 ? "" : "run " + (i + 1),
                each.claim().rule(),
                each.seeds().get(i).note()));
      }
    }
    return new Section(
        "What lies behind them", List.of(), List.of("claim", "", "rule", "what was seen"), rows);
  }

  /** Markdown for {@code PAPERS.md}. */
  String markdown() {
    StringBuilder text = new StringBuilder("## Claims, and what we saw\n\n" + verdict() + "\n\n");
    caveats().forEach(caveat -> text.append(caveat).append("\n\n"));
    provenance.forEach((k, v) -> text.append(k).append(": ").append(v).append("  \n"));
    text.append("\n| claim | paper | it says | command | our figure [interval] | control |");
    text.append(" here | why |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (Reproduced each : claims) {
      text.append(row(each));
    }
    return text.toString();
  }

  /** What the first seed against it showed, or, where none is, the first. */
  private static String why(Reproduced each) {
    List<Finding> seeds = each.seeds();
    int shown =
        IntStream.range(0, seeds.size()).filter(i -> !seeds.get(i).agrees()).findFirst().orElse(0);
    String which = seeds.size() == 1 ? "" : "run " + (shown + 1) + " of " + seeds.size() + ": ";
    return which + seeds.get(shown).note();
  }

  private static String row(Reproduced each) {
    Claim claim = each.claim();
    List<String> cells =
        List.of(
            "`" + claim.id() + "`",
            claim.paper(),
            claim.statement(),
            "`" + claim.command() + "`",
            claim.figure() + ": " + Reproduced.number(each.figure()) + " [" + each.interval() + "]",
            claim.control() + ": " + Reproduced.number(each.control()),
            each.verdict() + "; rule: " + claim.rule(),
            why(each));
    return "| "
        + String.join(" | ", cells.stream().map(c -> c.replace("|", "\\|")).toList())
        + " |\n";
  }
}
