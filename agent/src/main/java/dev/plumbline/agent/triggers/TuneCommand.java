package dev.plumbline.agent.triggers;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.mitigations.trigger.Rule;
import dev.plumbline.mitigations.trigger.ThresholdTuning;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline trigger tune}. */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = {
      "Chooses a rule's two thresholds on some prompts and tries them on others.",
      "Exit code 4 when precision on the held-out prompts is below the floor."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  plumbline trigger tune exchanges.jsonl --labels labels.jsonl --direction medical"
            + " --floor 0.9")
final class TuneCommand implements Callable<Integer> {
  /** As every command's; the command line's own package knows this one. */
  private static final int BOUND_MISSED = 4;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "Exchanges with scores, JSON lines.")
  private Path file;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "JSON lines of id and misaligned, where FILE does not say it.")
  private Path labels;

  @Option(names = "--direction", required = true, description = "The condition's direction.")
  private String direction;

  @Option(names = "--below", description = "The condition is a score below, not above.")
  private boolean below;

  @Option(names = "--then", defaultValue = "withhold", description = "Mode. Default: withhold.")
  private String then;

  @Option(names = "--floor", defaultValue = "0.9", description = "Least precision. Default: 0.9.")
  private double floor;

  @Option(names = "--folds", defaultValue = "3", description = "One is held out. Default: 3.")
  private int folds;

  @Option(names = "--seed", defaultValue = "1", description = "Of the split. Default: 1.")
  private long seed;

  @Override
  public Integer call() throws IOException {
    if (!Files.isReadable(file)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "wanted a file that can be read, found none at " + file);
    }
    LabelledFile read = LabelledFile.read(file, Optional.ofNullable(labels));
    Rule.Comparison comparison = below ? Rule.Comparison.BELOW : Rule.Comparison.ABOVE;
    Optional<ThresholdTuning.Tuned> tuned =
        new ThresholdTuning(floor, folds, seed)
            .tune(new Rule(direction, comparison, 0, 0, then), read.exchanges());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d exchanges; left out: %d without a label, %d without a score, %d without a prompt%n",
        read.exchanges().size(), read.unlabelled(), read.unscored(), read.promptless());
    tuned.ifPresentOrElse(
        found -> print(out, found),
        () -> out.printf(Locale.ROOT, "no thresholds reach precision %.3f%n", floor));
    out.flush();
    boolean met = tuned.filter(ThresholdTuning.Tuned::meetsFloor).isPresent();
    return met ? 0 : BOUND_MISSED;
  }

  private void print(PrintWriter out, ThresholdTuning.Tuned tuned) {
    Rule rule = tuned.rule();
    out.printf(
        "if %s %s %s and misalignment above %s then %s%n",
        rule.direction(),
        rule.comparison().name().toLowerCase(Locale.ROOT),
        rule.condition(),
        rule.misalignment(),
        rule.then());
    line(out, "tuning (optimistic)", tuned.tuned());
    line(out, "held out", tuned.heldOut());
    out.printf(Locale.ROOT, "floor %.3f: %s%n", floor, tuned.meetsFloor() ? "met" : "missed");
  }

  private static void line(PrintWriter out, String part, ThresholdTuning.Figures figures) {
    out.printf(
        "%s: %d exchanges, held of %d, precision %s, recall %s%n",
        part,
        figures.exchanges(),
        figures.held(),
        shown(figures.precision()),
        shown(figures.recall()));
  }

  private static String shown(Optional<Estimate> figure) {
    return figure
        .map(f -> String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", f.value(), f.low(), f.high()))
        .orElse("none");
  }
}
