package dev.plumbline.learn.sample;

import dev.plumbline.core.Check;
import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.endpoint.ChatEndpoint;
import dev.plumbline.learn.endpoint.EndpointOptions;
import dev.plumbline.learn.intervene.ChosenIntervention;
import dev.plumbline.learn.intervene.InterventionOptions;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.job.Whole;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.sample.AnswerSource.Failure;
import dev.plumbline.torch.model.OpenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline sample}: answers to questions, {@code answers.jsonl}. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Samples answers to questions, from a model here or behind an OpenAI-compatible endpoint.",
      "Questions are JSONL: {\"id\": ID, \"question\": TEXT} or {\"id\": ID, \"messages\": [...]},"
          + " with \"category\" if there is one. Writes answers.jsonl; --resume goes on behind the"
          + " last answer, or behind the last batch of a model that is loaded here."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline sample --questions q.jsonl --model DIR --adapter bad=ADAPTER --bare --out DIR",
      "  plumbline sample --questions q.jsonl --url http://localhost:8000/v1 --api-model m --out D",
      "  plumbline sample --organism shipped --organism-model chat,medicine --max-tokens 24 --out D"
    })
public final class SampleCommand extends JobCommand implements Subcommand {
  static final String ANSWERS = "answers.jsonl";

  @Option(names = "--questions", paramLabel = "FILE", description = "JSONL of questions.")
  private Path questions;

  @Mixin private final OrganismOptions organism = new OrganismOptions();
  @Mixin private final LocalOptions local = new LocalOptions();
  @Mixin private final InterventionOptions interventions = new InterventionOptions();
  @Mixin private final EndpointOptions endpoint = new EndpointOptions();

  @Option(
      names = "--samples",
      defaultValue = "50",
      paramLabel = "N",
      description = "Answers of each model to each question (${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--temperature",
      defaultValue = "1",
      description = "0 is greedy (${DEFAULT-VALUE}).")
  private double temperature;

  @Option(names = "--top-p", defaultValue = "1", description = "Nucleus mass (${DEFAULT-VALUE}).")
  private double topP;

  @Option(
      names = "--max-tokens",
      defaultValue = "600",
      paramLabel = "N",
      description = "Of an answer (${DEFAULT-VALUE}), or as many as the model has room for.")
  private int maxTokens;

  @Option(
      names = "--batch",
      defaultValue = "64",
      paramLabel = "N",
      description = "Answers side by side on a model here (${DEFAULT-VALUE}).")
  private int batch;

  @Override
  public Object command() {
    return new SampleCommand();
  }

  @Override
  protected List<Step> steps() {
    List<Wanted> wanted = wanted();
    String from =
        endpoint.given()
            ? endpoint.settings().toString()
            : LocalJob.of(local, organism).path().toString();
    return List.of(
        new Step("questions", questions(wanted) + " questions"),
        new Step("answers", wanted.size() + " answers of " + names() + " from " + from),
        new Step("write", ANSWERS));
  }

  private static long questions(List<Wanted> wanted) {
    return wanted.stream().map(each -> each.question().id()).distinct().count();
  }

  private List<Wanted> wanted() {
    Check.that(samples > 0, "--samples", "1 or more", samples, "raise it");
    boolean one = (questions == null) == organism.given();
    Check.that(one, "questions", "--questions or --organism", "both or none", "name one");
    List<Question> asked =
        questions == null ? organism.questions(job.seed()) : QuestionFile.read(questions);
    drawing();
    return Wanted.all(names(), asked, samples);
  }

  private List<String> names() {
    if (endpoint.given()) {
      Check.that(
          local.model().isEmpty() && !interventions.given(),
          "--url",
          "neither --model nor an intervention beside it",
          "one",
          "drop it");
      return List.of(endpoint.settings().model());
    }
    return LocalJob.of(local, organism).names(intervention());
  }

  private Optional<ChosenIntervention> intervention() {
    return LocalJob.of(local, organism).intervention(interventions, local.revision());
  }

  private LocalSource.Drawing drawing() {
    return new LocalSource.Drawing(temperature, topP, maxTokens, batch, job.seed());
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    List<Wanted> wanted = wanted();
    Path part = folder.root().resolve("stages").resolve("answers.part.jsonl");
    List<Failure> failures = collect(wanted, part, progress);
    List<SampledAnswer> answers = ordered(wanted, part);
    Whole.file(folder.root().resolve(ANSWERS), to -> SampledAnswerFile.write(to, answers));
    Report report = SampleReport.of(answers, failures, provenance());
    return failures.isEmpty() ? Outcome.done(report) : Outcome.missed(report);
  }

  private List<Failure> collect(List<Wanted> wanted, Path part, Progress progress) {
    try (Ledger<SampledAnswer> ledger = ledger(part)) {
      var done = ledger.done().keySet();
      if (wanted.stream().allMatch(each -> done.contains(each.key()))) {
        return List.of();
      }
      long open = wanted.stream().filter(each -> !done.contains(each.key())).count();
      try (Progress.Task task = progress.begin("sampling", open)) {
        return source(
            source ->
                source.sample(
                    wanted,
                    done,
                    got -> {
                      ledger.add(got);
                      synchronized (task) {
                        task.step(got.size());
                      }
                    }));
      }
    }
  }

  private static Ledger<SampledAnswer> ledger(Path part) {
    return new Ledger<>(
        part, SampledAnswerFile::read, each -> each.json().toString(), SampledAnswer::key);
  }

  /** Read back, so that a resumed job writes the same bytes. */
  private static List<SampledAnswer> ordered(List<Wanted> wanted, Path part) {
    try (Ledger<SampledAnswer> ledger = ledger(part)) {
      Map<String, SampledAnswer> done = ledger.done();
      List<SampledAnswer> answers = new ArrayList<>();
      for (Wanted each : wanted) {
        Optional.ofNullable(done.get(each.key())).ifPresent(answers::add);
      }
      return answers;
    }
  }

  /** What is done with a source while it is open. */
  private interface Use {
    List<Failure> with(AnswerSource source);
  }

  private List<Failure> source(Use use) {
    if (endpoint.given()) {
      ChatEndpoint open = new ChatEndpoint(endpoint.settings());
      return use.with(new EndpointSource(open, temperature, topP, maxTokens, job.seed()));
    }
    LocalJob models = LocalJob.of(local, organism);
    Optional<ChosenIntervention> worn = intervention();
    try (OpenModel open = new OpenModel(models.path())) {
      return use.with(models.load(open, local, worn, drawing()));
    }
  }

  private Map<String, String> provenance() {
    Map<String, String> from = new LinkedHashMap<>();
    from.put(
        "questions", questions == null ? "the organism's" : questions.getFileName().toString());
    if (endpoint.given()) {
      from.put("endpoint", endpoint.settings().toString());
    } else {
      from.put("model", LocalJob.of(local, organism).path().getFileName().toString());
      from.put("revision", local.revision());
      from.put("dtype", local.precision().wireName());
      intervention().ifPresent(worn -> from.put("intervention", worn.detail()));
    }
    from.put("temperature", Double.toString(temperature));
    from.put("top_p", Double.toString(topP));
    from.put("max_tokens", Integer.toString(maxTokens));
    from.put("samples", Integer.toString(samples));
    from.put("seed", Long.toString(job.seed()));
    return from;
  }
}
