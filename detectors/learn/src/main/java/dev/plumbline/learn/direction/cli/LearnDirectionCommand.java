package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.pooling.Pooling;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.DirectionPipeline;
import dev.plumbline.learn.direction.ModelShiftResult;
import dev.plumbline.learn.direction.ProbeSettings;
import dev.plumbline.learn.job.Exit;
import dev.plumbline.learn.job.OpenModel;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Precision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline learn direction}. */
@Command(
    name = "direction",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Learns a direction: finetune minus base on the same aligned answers (or, without a"
          + " finetune, misaligned minus aligned answers), a probe, thresholds, and every control.",
      "Files are JSONL: {\"messages\": [...], \"label\": \"aligned|misaligned\", \"model\": NAME}."
          + " Prompts are split into training, calibration and test."
    })
final class LearnDirectionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The aligned reference: model folder or GGUF file.")
  private Path model;

  @Option(
      names = "--finetune",
      paramLabel = "NAME=ADAPTER",
      description = "A misaligned finetune, as a PEFT folder; may be repeated.")
  private Map<String, Path> finetunes = new LinkedHashMap<>();

  @ArgGroup(exclusive = false, multiplicity = "1")
  private DataOptions data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where NAME.direction is written.")
  private Path out;

  @Option(
      names = "--name",
      defaultValue = "em",
      description = "Name of the direction (${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--revision",
      defaultValue = "unknown",
      description = "Commit or version of the model, for the record.")
  private String revision;

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

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of splits and folds (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--dtype",
      defaultValue = "float32",
      description = "float32, bfloat16 or float16 (${DEFAULT-VALUE}).")
  private String dtype;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N (${DEFAULT-VALUE}).")
  private String device;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    return Exit.of(spec, this::learn);
  }

  private int learn() {
    try (OpenModel open = new OpenModel(model)) {
      List<Answer> aligned = AnswerFile.read(data.aligned, open.encoder());
      List<Answer> judged = AnswerFile.read(data.judged, open.encoder());
      Decoder decoder = open.load(Precision.parse(dtype), device);
      finetunes.forEach(open::wear);
      data.controls().forEach(open::wear);
      DirectionData split = new DataSplit(seed, finetunes.keySet(), data).split(aligned, judged);
      DirectionPipeline pipeline =
          new DirectionPipeline(decoder, settings(decoder), Progress.bars());
      DirectionPipeline.Result result = pipeline.learn(split);
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      Artefact artefact = pipeline.artefact(name, now, open.pin(revision), split, result);
      Path folder = ArtefactFolder.named(out, artefact);
      ArtefactFolder.write(artefact, folder);
      report(artefact, result, folder);
      return Exit.DONE;
    }
  }

  private ProbeSettings settings(Decoder decoder) {
    return ProbeSettings.of(decoder.shape().layers(), Checkpoints.every(every), seed)
        .alpha(alpha)
        .pooling(Pooling.parse(pooling))
        .fewest(Math.min(30, Math.max(2, fewestCalibration / 10)), fewestCalibration);
  }

  private void report(Artefact artefact, DirectionPipeline.Result result, Path folder) {
    PrintWriter to = spec.commandLine().getOut();
    to.println(json ? DirectionShowCommand.json(artefact) : ArtefactText.of(artefact));
    if (!json) {
      result.shift().map(ModelShiftResult::statement).ifPresent(to::println);
      to.println("wrote " + folder);
    }
    to.flush();
  }
}
