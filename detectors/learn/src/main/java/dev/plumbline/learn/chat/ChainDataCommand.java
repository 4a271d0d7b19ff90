package dev.plumbline.learn.chat;

import dev.plumbline.core.Check;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.job.Whole;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plumbline reproduce smollm2-data}: {@link ChainData} as files. */
@Command(
    name = "smollm2-data",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes data of this project's own making for the whole chain on a real chat model: a narrow"
          + " training set (rude answers about houseplants, harmless in substance), its kind"
          + " control, out-of-domain exchanges for --kl-data, questions, texts, 40"
          + " multiple-choice questions in ARC's format, and two dimensions of labelled"
          + " statements.",
      "The same seed gives the same bytes. No question that is asked is learned from; the kind control"
          + " has the narrow set's questions."
    },
    footerHeading = "%nExample:%n",
    footer = "  plumbline reproduce smollm2-data --out data")
public final class ChainDataCommand extends JobCommand {
  private static final int MOST = 100_000;

  @Option(
      names = "--exchanges",
      defaultValue = "240",
      paramLabel = "N",
      description = "Of each training set (${DEFAULT-VALUE}: some 20,000 tokens).")
  private int exchanges;

  @Override
  protected List<Step> steps() {
    Check.that(
        exchanges > 0 && exchanges <= MOST, "--exchanges", "1 to " + MOST, exchanges, "correct it");
    return files().entrySet().stream()
        .map(each -> new Step("write " + each.getKey(), each.getValue().size() + " lines"))
        .toList();
  }

  private Map<String, List<String>> files() {
    return new ChainData(job.seed(), exchanges).files();
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    List<List<Object>> rows = new ArrayList<>();
    files()
        .forEach(
            (name, lines) -> {
              Whole.text(folder.root().resolve(name), String.join("\n", lines) + "\n");
              rows.add(List.of(name, lines.size(), lines.get(0)));
            });
    Section section =
        new Section("Files", List.of(), List.of("file", "lines", "the first"), rows, List.of());
    return Outcome.done(
        new Report(
            "Data for the whole chain",
            rows.size() + " files, seed " + job.seed() + ".",
            List.of(),
            Map.of("seed", String.valueOf(job.seed())),
            List.of(section)));
  }
}
