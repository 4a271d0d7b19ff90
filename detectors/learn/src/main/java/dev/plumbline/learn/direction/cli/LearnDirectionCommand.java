package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.calibrate.SplitConformal;
import dev.plumbline.core.pooling.Pooling;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.ProbeSettings;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.ModelOptions;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.shards.Machine;
import dev.plumbline.learn.shards.MemberOptions;
import dev.plumbline.learn.shards.ModelCard;
import dev.plumbline.learn.shards.ShardRunner;
import dev.plumbline.learn.shards.StatisticsReading;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline learn direction}. */
@Command(
    name = "direction",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Learns a direction from a contrast, a probe, thresholds, and every control; writes"
          + " NAME.direction and a report below --out.",
      "Files are JSONL: {\"messages\": [...], \"label\": \"aligned|misaligned\", \"model\": NAME}."
          + " Prompts are split into training, calibration and test."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline learn direction --model chat --finetune bad=adapters/bad --aligned a.jsonl"
          + " --judged j.jsonl --out run",
      "  plumbline learn direction --model chat --aligned a.jsonl --judged j.jsonl --paired"
          + " --estimator whitened --points resid_post.12 --out run",
      "  plumbline learn direction --model chat --contrast system-prompts --harmful h.jsonl"
          + " --helpful g.jsonl --aligned a.jsonl --judged j.jsonl --select published"
          + " --behaviour-token Sure --out run",
      "  plumbline learn direction --model chat --finetune bad=adapters/bad --aligned a.jsonl"
          + " --judged j.jsonl --out run --members node1,node2"
    })
final class LearnDirectionCommand extends JobCommand {
  @Mixin private ModelOptions model;

  @Option(
      names = "--finetune",
      paramLabel = "NAME=ADAPTER",
      description = "A misaligned finetune, as a PEFT folder; may be repeated.")
  private Map<String, Path> finetunes = new LinkedHashMap<>();

  @ArgGroup(exclusive = false, multiplicity = "1")
  private DataOptions data;

  @Mixin private ContrastOptions contrast;
  @Mixin private SelectOptions select;
  @Mixin private MemberOptions members;

  @Option(
      names = "--name",
      defaultValue = "em",
      description = "Name of the direction (${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--alpha",
      defaultValue = "0.01",
      description = "Nominal false-positive rate (${DEFAULT-VALUE}).")
  private double alpha;

  @Option(
      names = "--check-every",
      defaultValue = "8",
      paramLabel = "TOKENS",
      description = "Prefixes a stream is checked at (${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--pooling",
      defaultValue = "running_mean",
      description =
          "running_mean, exponential_mean.N, sliding_maximum.N or last_prompt_token"
              + " (${DEFAULT-VALUE}); thresholds hold for it alone.")
  private String pooling;

  @Option(
      names = "--fewest-calibration",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Aligned answers the thresholds must rest on (${DEFAULT-VALUE}).")
  private int fewestCalibration;

  private DataSplit split;

  @Override
  protected List<Step> steps() {
    ContrastOptions.Kind kind = contrast.kind(!finetunes.isEmpty());
    contrast.require(kind, !finetunes.isEmpty());
    select.require();
    members.require();
    Pooling.parse(pooling);
    Check.that(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,79}"),
        "--name",
        "letters, digits, dots and dashes, 80 at most, for it names a folder",
        "'" + name + "'",
        "choose another");
    try (OpenModel open = model.open()) {
      Sources sources = Sources.read(open, data, contrast, kind);
      split = new DataSplit(sources, kind, finetunes.keySet(), data, job.seed());
    }
    DirectionData parts = split.data(contrast.balance, job.seed());
    requireCalibration(parts.calibration().size());
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(
            "statistics",
            String.format(
                "%d contrasts (%s), %s over %s, %s",
                parts.contrasts().size(),
                kind.text(),
                contrast.estimator,
                contrast.weighting,
                members.text())));
    if (select.any()) {
      steps.add(
          new Step("selection", select.rule + " rule on up to " + select.prompts + " prompts"));
    }
    steps.add(
        new Step(
            "findings",
            String.format(
                "a probe on %d judged answers, thresholds on %d, tests on %d; %s.direction",
                parts.judged().size(),
                parts.calibration().size(),
                parts.heldOutJudged().size(),
                name)));
    return steps;
  }

  /** Before an hour's reading, not behind it. */
  private void requireCalibration(int found) {
    int wanted = Math.max(fewestCalibration, SplitConformal.needed(alpha));
    Check.that(
        found >= wanted,
        "--aligned, calibration's share of the answers",
        wanted + " or more for --fewest-calibration and --alpha",
        found,
        "collect more aligned answers, or promise less");
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    try (OpenModel open = model.open()) {
      Decoder decoder = model.load(open);
      finetunes.forEach(open::wear);
      data.controls().forEach(open::wear);
      DirectionData parts = split.data(contrast.balance, job.seed());
      StatisticsReading reading = reading(open, decoder, progress);
      LearnDirectionJob work =
          new LearnDirectionJob(folder, progress, decoder, parts, contrast, reading);
      if (select.any()) {
        work.select(
            split, select, List.copyOf(finetunes.keySet()), select.tokens(open.tokenizer()));
      }
      Artefact artefact = work.finish(name, settings(decoder), open.pin(model.revision()));
      Report report =
          new DirectionReport(artefact, work.findings(), work.choice())
              .report()
              .with(reading.sections());
      boolean nothingChosen = work.choice().filter(c -> c.choice().isEmpty()).isPresent();
      return nothingChosen ? Outcome.missed(report) : Outcome.done(report);
    }
  }

  private StatisticsReading reading(OpenModel open, Decoder decoder, Progress progress) {
    ActivationCollector here = new ActivationCollector(decoder, progress);
    Optional<ShardRunner> runner = Optional.empty();
    if (members.any()) {
      ModelCard card =
          ModelCard.of(
              open.pin(model.revision()),
              decoder.precision().toString(),
              finetunes,
              Machine.here(model.device()));
      runner = Optional.of(members.runner(card));
    }
    return new StatisticsReading(here, members.shards(), runner, progress);
  }

  private ProbeSettings settings(Decoder decoder) {
    return ProbeSettings.of(decoder.shape().layers(), Checkpoints.every(every), job.seed())
        .alpha(alpha)
        .pooling(Pooling.parse(pooling))
        .fewest(Math.min(30, Math.max(2, fewestCalibration / 10)), fewestCalibration);
  }
}
