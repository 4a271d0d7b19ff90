package dev.plumbline.learn.evaluate;

import dev.plumbline.core.Check;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model a direction is held against, and whose answers. */
final class SubjectOptions {
  private static final String SHIPPED = "shipped";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "The aligned reference: a Hugging Face folder or a GGUF file.")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--judged",
      paramLabel = "FILE",
      description =
          "JSONL of labelled exchanges of one or more models (their \"model\"), to prompts that the"
              + " direction never saw.")
  private Optional<Path> judged = Optional.empty();

  @Option(
      names = "--aligned",
      paramLabel = "FILE",
      description = "JSONL of aligned exchanges of the reference: checks the thresholds' promise.")
  private Optional<Path> aligned = Optional.empty();

  @Option(
      names = "--benign",
      paramLabel = "FILE",
      description = "A control: exchanges of benign finetunes; aligned ones are used.")
  private Optional<Path> benign = Optional.empty();

  @Option(
      names = "--kl-narrow",
      paramLabel = "FILE",
      description = "A control: exchanges of KL-narrow finetunes; aligned ones are used.")
  private Optional<Path> narrow = Optional.empty();

  @Option(
      names = "--finetune",
      paramLabel = "NAME=ADAPTER",
      description =
          "The weights of a model in --judged, as a PEFT folder: tells whether the score reads"
              + " weights or answers; needs --aligned; may be repeated.")
  private Map<String, Path> finetunes = new LinkedHashMap<>();

  @Option(
      names = "--organism",
      arity = "0..1",
      fallbackValue = SHIPPED,
      paramLabel = "DIR",
      description =
          "Instead of all these: sample and judge answers of a trained organism (without DIR, of"
              + " the shipped one), and ablate from finetune to finetune.")
  private Optional<Path> organism = Optional.empty();

  @Option(
      names = "--per-model",
      defaultValue = "1280",
      paramLabel = "N",
      description = "Answers sampled of each finetune of the organism (${DEFAULT-VALUE}).")
  private int perModel;

  @Option(
      names = "--per-cell",
      defaultValue = "300",
      paramLabel = "N",
      description = "Answers sampled for each cell of the ablation matrix (${DEFAULT-VALUE}).")
  private int perCell;

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

  /** Checks what was given together. */
  void check() {
    boolean files = model.isPresent() && judged.isPresent();
    boolean any =
        model.isPresent()
            || judged.isPresent()
            || aligned.isPresent()
            || benign.isPresent()
            || narrow.isPresent()
            || !finetunes.isEmpty();
    Check.that(
        organism.isPresent() ? !any : files,
        "what the direction is held against",
        "--model with --judged, or --organism alone",
        organism.isPresent() ? "--organism and files" : "neither",
        "give one of them");
    Check.that(
        finetunes.isEmpty() || aligned.isPresent(),
        "--finetune",
        "--aligned, the reference's traffic that sets the threshold",
        "none",
        "add it, or leave --finetune out");
    Check.that(perModel > 0 && perCell > 0, "answers to sample", "1 or more", 0, "raise it");
    Precision.parse(dtype);
  }

  Optional<OrganismFolder> organism() {
    return organism.map(
        path ->
            new OrganismFolder(
                path.equals(Path.of(SHIPPED)) ? new ShippedOrganism().folder() : path));
  }

  Optional<OrganismBench> bench(long seed) {
    return organism()
        .map(folder -> new OrganismBench(folder, OrganismCard.read(folder).recipe(), seed));
  }

  Path model() {
    return organism().map(OrganismFolder::chat).or(() -> model).orElseThrow();
  }

  /** Adapters to wear, by the names of the models that they make. */
  Map<String, Path> adapters(Optional<OrganismBench> bench) {
    Map<String, Path> worn = new LinkedHashMap<>(finetunes);
    organism()
        .ifPresent(
            folder -> bench.orElseThrow().emergent().forEach(n -> worn.put(n, folder.adapter(n))));
    return worn;
  }

  AnswerSources sources() {
    return new AnswerSources(judged.orElseThrow(), aligned, benign, narrow);
  }

  int perModel() {
    return perModel;
  }

  int perCell() {
    return perCell;
  }

  Precision precision() {
    return Precision.parse(dtype);
  }

  String device() {
    return device;
  }
}
