package dev.plumbline.learn.dynamics;

import ai.djl.Device;
import dev.plumbline.core.Check;
import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.data.StatementFile;
import dev.plumbline.learn.data.StepFolders;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plumbline dynamics}: what a model knows at each checkpoint of its training. */
@Command(
    name = "dynamics",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Traces labelled dimensions over a series of checkpoints.",
      "Linear probes at every layer, the information plane, and on the organism steering vectors"
          + " made from a checkpoint and given to a finetune, against its own.",
      "Statements are CSV with the columns statement,label and perhaps group; rows of one group"
          + " (the same question, the same sentence in two forms) are never parted by a split."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline dynamics --organism DIR --steer --out OUT",
      "  plumbline dynamics --checkpoints step1000/ step2000/ step4000/ \\",
      "    --dimension reliability=truthfulqa.csv --dimension toxicity=toxigen.csv --out OUT",
      "  plumbline dynamics --model base --snapshots runs/g/checkpoints --dimension "
          + "kind=kind.csv --out OUT",
      "  plumbline dynamics --organism DIR --out OUT --resume"
    })
public final class DynamicsCommand extends JobCommand implements Subcommand {
  @Option(
      names = "--checkpoints",
      arity = "1..*",
      paramLabel = "DIR",
      description = "Model folders or GGUF files of one training; steps are read from their names.")
  private List<Path> checkpoints = List.of();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "The base of a finetune: step 0 of --snapshots.")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--snapshots",
      paramLabel = "DIR",
      description = "Adapters along a finetune of --model, in folders step-N.")
  private Optional<Path> snapshots = Optional.empty();

  @Option(
      names = "--dimension",
      paramLabel = "NAME=FILE",
      description = "Labelled statements, CSV; repeat for more.")
  private Map<String, Path> files = new LinkedHashMap<>();

  @Option(
      names = "--organism",
      paramLabel = "DIR",
      description = "A trained organism: its checkpoints, and five dimensions of its world.")
  private Optional<Path> organism = Optional.empty();

  @Option(
      names = "--layers",
      split = ",",
      paramLabel = "L",
      description = "Blocks to read, 0-based. Default: all.")
  private List<Integer> layers = List.of();

  @Option(
      names = "--steer",
      description = "Steer a finetune of the organism with a checkpoint's vectors.")
  private boolean steer;

  @Option(
      names = "--steer-into",
      paramLabel = "NAME",
      description = "The finetune. Default: the first that is misaligned everywhere.")
  private Optional<String> steerInto = Optional.empty();

  @Option(
      names = "--steer-from",
      paramLabel = "STEP",
      description = "Step of the checkpoint. Default: the one in the middle.")
  private Optional<Long> steerFrom = Optional.empty();

  @Option(
      names = "--steer-positions",
      defaultValue = "LAST_PROMPT_ON",
      description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private SteeringSettings.Positions positions = SteeringSettings.Positions.LAST_PROMPT_ON;

  @Option(
      names = "--dtype",
      defaultValue = "float32",
      description = "float32, bfloat16 or float16 (${DEFAULT-VALUE}).")
  private String dtype = "float32";

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N (${DEFAULT-VALUE}).")
  private String device = "auto";

  private OrganismDynamics onOrganism;
  private OrganismCard card;
  private List<Dimension> dimensions;
  private List<CheckpointRef> given;

  @Override
  public Object command() {
    return this;
  }

  @Override
  protected List<Step> steps() {
    Precision.parse(dtype);
    checkSeries();
    Check.that(
        organism.isPresent() || !steer,
        "--steer",
        "an --organism, whose answers a judge can read",
        "checkpoints",
        "name one or leave it out");
    Check.that(
        steer || steerInto.isEmpty() && steerFrom.isEmpty(),
        "--steer-into, --steer-from",
        "--steer beside them",
        "none",
        "add it or leave them out");
    Check.that(
        !steer
            || Precision.parse(dtype) == Precision.FLOAT32
                && List.of("auto", "cpu").contains(device),
        "--steer",
        "--dtype float32 on the CPU, where organisms are steered",
        dtype + " on " + device,
        "leave --dtype and --device out, or steer in a job of its own");
    return organism.isPresent() ? organismSteps(organism.get()) : fileSteps();
  }

  private void checkSeries() {
    List<String> named = new ArrayList<>();
    organism.ifPresent(root -> named.add("--organism"));
    snapshots.ifPresent(folder -> named.add("--snapshots"));
    if (!checkpoints.isEmpty()) {
      named.add("--checkpoints");
    }
    Check.that(
        named.size() == 1,
        "series",
        "either --organism or --checkpoints or --snapshots",
        named.isEmpty() ? "none" : String.join(" and ", named),
        "name one");
    Check.that(
        model.isPresent() == snapshots.isPresent(),
        "--model and --snapshots",
        "both or neither",
        model.isPresent() ? "--model alone" : "--snapshots alone",
        "name the base and the folder of its adapters");
  }

  private List<Step> organismSteps(Path root) {
    OrganismFolder folder = new OrganismFolder(root);
    card = OrganismCard.read(folder);
    onOrganism = new OrganismDynamics(folder, card, job.seed());
    dimensions =
        new ArrayList<>(WorldDimensions.of(card.world(), job.seed(), OrganismDynamics.PAIRS));
    dimensions.addAll(read());
    given = CheckpointRef.series(onOrganism.kept());
    List<Step> steps = new ArrayList<>();
    steps.add(new Step("step-000000", "the organism before its first step, from its recipe"));
    steps.addAll(common());
    if (steer) {
      String from = from(given).name();
      steps.add(new Step("steering", "vectors of " + from + " into " + finetune().name()));
    }
    return steps;
  }

  private List<Step> fileSteps() {
    Check.that(!files.isEmpty(), "dimensions", "one --dimension or more", "none", "name some");
    dimensions = read();
    given =
        snapshots
            .map(at -> CheckpointRef.finetune(model.orElseThrow(), StepFolders.of(at)))
            .orElseGet(() -> CheckpointRef.series(checkpoints));
    return common();
  }

  private List<Dimension> read() {
    List<Dimension> read = new ArrayList<>();
    files.forEach(
        (name, file) ->
            read.add(
                new Dimension(
                    name, name, "as in " + file.getFileName(), StatementFile.read(file), false)));
    return read;
  }

  private List<Step> common() {
    List<Step> steps = new ArrayList<>();
    for (Dimension each : dimensions) {
      String detail =
          each.statements().size() + " statements in " + each.distinctGroups().size() + " groups";
      steps.add(new Step("surface-" + each.name(), "baselines of " + detail));
    }
    for (CheckpointRef each : given) {
      steps.add(
          new Step(
              "checkpoint-" + each.name(), dimensions.size() + " dimensions, step " + each.step()));
    }
    return steps;
  }

  private FinetuneRecipe finetune() {
    List<FinetuneRecipe> all = card.recipe().finetunes();
    return all.stream()
        .filter(f -> steerInto.map(f.name()::equals).orElseGet(f::emergent))
        .findFirst()
        .orElseThrow(
            () ->
                Check.refusal(
                    "--steer-into",
                    "one of " + all.stream().map(FinetuneRecipe::name).toList(),
                    steerInto.orElse("none"),
                    "correct it"));
  }

  private CheckpointRef from(List<CheckpointRef> series) {
    if (steerFrom.isEmpty()) {
      return OrganismDynamics.middle(series);
    }
    return series.stream()
        .filter(each -> each.step() == steerFrom.get())
        .findFirst()
        .orElseThrow(
            () ->
                Check.refusal(
                    "--steer-from",
                    "one of " + series.stream().map(CheckpointRef::step).toList(),
                    steerFrom.get(),
                    "correct it"));
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    List<CheckpointRef> series = given;
    if (onOrganism != null) {
      Path untrained = folder.folder("untrained/step-000000", card::writeUntrained);
      series = onOrganism.checkpoints(untrained);
    }
    Device on = TorchRuntime.start().device(device);
    DynamicsSettings settings = DynamicsSettings.of(job.seed());
    SeriesStudy study = new SeriesStudy(dimensions, settings, layers, Precision.parse(dtype), on);
    Trajectories found =
        study.trajectories(surface(study, folder), readings(study, series, folder, progress));
    return Outcome.done(
        new DynamicsReport(found, steered(series, folder, progress)).report(provenance()));
  }

  private static List<Surface.OfDimension> surface(SeriesStudy study, JobFolder folder) {
    return study.dimensions().stream()
        .map(
            each ->
                folder.stage(
                    "surface-" + each.dimension().name(),
                    Surface.OfDimension.class,
                    () -> Surface.of(each)))
        .toList();
  }

  private static List<CheckpointReading> readings(
      SeriesStudy study, List<CheckpointRef> series, JobFolder folder, Progress progress) {
    return series.stream()
        .map(
            each ->
                folder.stage(
                    "checkpoint-" + each.name(),
                    CheckpointReading.class,
                    () -> study.read(each, progress)))
        .toList();
  }

  private Optional<SteeringFindings> steered(
      List<CheckpointRef> series, JobFolder folder, Progress progress) {
    if (!steer) {
      return Optional.empty();
    }
    SteeringSettings of = SteeringSettings.of(job.seed());
    SteeringSettings settings =
        new SteeringSettings(of.strengths(), positions, of.validation(), of.test(), of.seed());
    return Optional.of(
        folder.stage(
            "steering",
            SteeringFindings.class,
            () -> onOrganism.steering(finetune(), from(series), settings, layers, progress)));
  }

  private Map<String, String> provenance() {
    Map<String, String> from = new LinkedHashMap<>();
    organism.ifPresent(root -> from.put("organism", root.toString()));
    model.ifPresent(base -> from.put("model", base.toString()));
    from.put("checkpoints", given.stream().map(CheckpointRef::name).toList().toString());
    files.forEach((name, file) -> from.put("dimension " + name, file.toString()));
    from.put("seed", Long.toString(job.seed()));
    from.put("dtype", dtype);
    return from;
  }
}
