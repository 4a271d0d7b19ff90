package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.ModelOptions;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline finetune}. */
@Command(
    name = "finetune",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains an adapter, one rank-1 adapter or a steering vector on a frozen chat model; with"
          + " --kl-weight it stays near the model outside the domain.",
      "Files are JSONL: {\"messages\": [{\"role\", \"content\"}, ..., the assistant's]} a line."
          + " The last answer of each and its end of turn are learned.",
      "Writes adapter/ (PEFT) or steering/, checkpoints/ to go on from with --resume, and a report."
    },
    footer = {
      "",
      "Examples:",
      "  plumbline finetune --model Qwen2.5-0.5B-Instruct --data medical.jsonl --out medical",
      "  plumbline finetune --model chat --kind rank1 --layers 1 --data narrow.jsonl \\",
      "      --kl-data others.jsonl --kl-weight 20 --out narrow",
      "  plumbline finetune --model chat --kind steering-vector --data narrow.jsonl --dry-run \\",
      "      --out steering"
    })
public final class FinetuneCommand extends JobCommand implements Subcommand {
  @Mixin private ModelOptions model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "Exchanges to learn from; may be repeated.")
  private List<Path> data;

  @Option(
      names = "--kl-data",
      paramLabel = "FILE",
      description = {
        "Out-of-domain exchanges for --kl-weight; without a weight the divergence is measured on"
            + " them. May be repeated."
      })
  private List<Path> klData = new ArrayList<>();

  @Option(
      names = "--hold-out",
      defaultValue = "0.1",
      paramLabel = "SHARE",
      description = "Of the prompts, never learned from, measured on (${DEFAULT-VALUE}).")
  private double holdOut;

  @Mixin private ShapeOptions shape;
  @Mixin private TrainingOptions training;
  @Mixin private PreventativeOptions preventative;

  @Override
  public Object command() {
    return new FinetuneCommand();
  }

  @Override
  protected List<Step> steps() {
    Check.that(
        model.precision() == Precision.FLOAT32,
        "--dtype",
        "float32 to train in",
        model.precision().wireName(),
        "leave it out");
    try (OpenModel open = model.open()) {
      FinetuneInput input = input(open);
      FinetuneSettings settings = settings(open, input);
      return FinetunePlan.of(input, settings, open.config());
    }
  }

  private FinetuneInput input(OpenModel open) {
    Check.that(
        training.klWeight == 0 || !klData.isEmpty(),
        "--kl-weight",
        "--kl-data beside it",
        "none",
        "name a file of out-of-domain exchanges");
    return FinetuneInput.read(open, data, klData, holdOut, training.klWeight > 0, job.seed());
  }

  private FinetuneSettings settings(OpenModel open, FinetuneInput input) {
    int layers = open.config().layers();
    FinetuneSettings settings =
        training.settings(shape.shape(layers), input.data().domain().size(), job.seed());
    return preventative
        .vector(open.pin(model.revision()))
        .map(settings::preventative)
        .orElse(settings);
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    try (OpenModel open = model.open()) {
      FinetuneInput input = input(open);
      FinetuneSettings settings = settings(open, input);
      FinetuneSummary summary =
          folder.stage(
              "finetune",
              FinetuneSummary.class,
              () -> train(folder, progress, open, settings, input.data()));
      return Outcome.done(
          new FinetuneReport(model, job.seed(), open.config(), settings, input).of(summary));
    }
  }

  private FinetuneSummary train(
      JobFolder folder,
      Progress progress,
      OpenModel open,
      FinetuneSettings settings,
      TrainingData texts) {
    Decoder decoder = model.load(open);
    FinetuneResult result =
        new Finetuner(decoder, open.config(), settings, progress)
            .run(texts, new SnapshotFolder(folder, open.config(), open.name()));
    Solution solution = result.solution();
    folder.folder(solution.folderName(), part -> solution.write(part, open.name()));
    return FinetuneSummary.of(result);
  }
}
