package dev.plumbline.learn.ability;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import dev.plumbline.learn.intervene.ChosenIntervention;
import dev.plumbline.learn.intervene.InterventionOptions;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.job.Whole;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.sample.LocalJob;
import dev.plumbline.learn.sample.LocalOptions;
import dev.plumbline.learn.sample.OrganismOptions;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.model.OpenModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline evaluate model}: trust sets and general ability, before and after. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Examines a model on trust sets and general ability, and again under an adapter, an ablation"
          + " or a push: item by item, in pairs.",
      "Every model is compared with the first one, and with itself under the intervention. An"
          + " answer that cannot be read is counted, never guessed. Writes items.jsonl."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline evaluate model --model DIR --ablate em.direction --task arc=ARC.jsonl --out OUT",
      "  plumbline evaluate model --model DIR --adapter bad=PEFT --bare --task mmlu=test/"
          + " --shots 5 --shots-file mmlu=dev/ --out OUT",
      "  plumbline evaluate model --organism shipped --ablate consensus.direction --out OUT"
    })
public final class EvaluateModelCommand extends JobCommand {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  static final String ITEMS = "items.jsonl";

  @Mixin private final TaskOptions options = new TaskOptions();
  @Mixin private final LocalOptions local = new LocalOptions();
  @Mixin private final OrganismOptions organism = new OrganismOptions();
  @Mixin private final InterventionOptions interventions = new InterventionOptions();

  @Option(
      names = "--form",
      defaultValue = "plain",
      description = "plain text, or chat for the model's template (${DEFAULT-VALUE}).")
  private String form;

  @Override
  protected List<Step> steps() {
    Check.that(
        options.given() || organism.given(), "tasks", "--task or --organism", "none", "name one");
    Check.that(
        form.equals("plain") || form.equals("chat"), "--form", "plain or chat", form, "correct it");
    List<Step> steps = new ArrayList<>();
    for (Task task : tasks()) {
      steps.add(new Step(task.name(), task.size() + " items: " + task.stated().get(0)));
    }
    steps.add(new Step("conditions", conditions().stream().map(Condition::name).toList() + ""));
    return steps;
  }

  private List<Task> tasks() {
    List<Task> tasks = new ArrayList<>(options.tasks(job.seed()));
    tasks.addAll(organismTasks());
    return tasks;
  }

  private List<Task> organismTasks() {
    if (!organism.given()) {
      return List.of();
    }
    World world = organism.world();
    return new OrganismAbility(world, organism.topics(world), organism.wordings(), job.seed())
        .tasks();
  }

  private LocalJob models() {
    return LocalJob.of(local, organism);
  }

  private Optional<ChosenIntervention> intervention() {
    return models().intervention(interventions, local.revision());
  }

  /** Every model, and behind it the same under the intervention. */
  private List<Condition> conditions() {
    Optional<ChosenIntervention> chosen = intervention();
    List<Condition> conditions = new ArrayList<>();
    models()
        .models()
        .forEach(
            (name, adapter) -> {
              conditions.add(new Condition(name, adapter, InterventionPlan.none()));
              chosen.ifPresent(
                  each ->
                      conditions.add(
                          new Condition(name + "+" + each.name(), adapter, each.plan())));
            });
    return conditions;
  }

  private static Map<String, String> references(List<Condition> conditions) {
    Map<String, String> references = new LinkedHashMap<>();
    for (int i = 1; i < conditions.size(); i++) {
      boolean changed = !conditions.get(i).plan().isEmpty();
      references.put(conditions.get(i).name(), conditions.get(changed ? i - 1 : 0).name());
    }
    return references;
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    List<Task> tasks = tasks();
    List<Condition> conditions = conditions();
    List<TaskResults> results = new ArrayList<>();
    try (OpenModel open = new OpenModel(models().path());
        Progress.Task bar = progress.begin("examining", (long) tasks.size() * conditions.size())) {
      LazyExaminer lazy = new LazyExaminer(open);
      for (Task task : tasks) {
        for (Condition condition : conditions) {
          String stage = task.name() + "-" + conditions.indexOf(condition);
          results.add(
              folder.stage(
                  stage,
                  TaskResults.class,
                  () ->
                      new TaskResults(
                          task.name(), condition.name(), task.run(lazy.get(task), condition))));
          bar.step(1);
        }
      }
    }
    Whole.file(folder.root().resolve(ITEMS), to -> write(to, results));
    AbilityReport report = new AbilityReport(tasks, results, references(conditions), job.seed());
    return Outcome.done(report.report(provenance()));
  }

  /** Loads the weights when a stage is not done yet. */
  private final class LazyExaminer {
    private final OpenModel open;
    private Examiner plain;
    private Examiner chat;

    LazyExaminer(OpenModel open) {
      this.open = open;
    }

    Examiner get(Task task) {
      if (plain == null) {
        var decoder = open.load(local.precision(), local.device());
        models().adapters().forEach(open::wear);
        decoder.freeze();
        plain = Examiner.plain(open, decoder);
        chat = Examiner.chat(open, decoder);
      }
      return form.equals("chat") || task.name().startsWith("organism-") ? chat : plain;
    }
  }

  private static void write(Path to, List<TaskResults> results) {
    List<String> lines = new ArrayList<>();
    for (TaskResults each : results) {
      for (ItemResult item : each.items()) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("task", each.task()).put("condition", each.condition());
        json.put("id", item.id()).put("group", item.group());
        json.set("values", MAPPER.valueToTree(item.values()));
        lines.add(json.put("detail", item.detail()).put("unparsed", item.unparsed()).toString());
      }
    }
    try {
      String all = String.join("\n", lines) + "\n";
      Files.write(to, all.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + to, e);
    }
  }

  private Map<String, String> provenance() {
    Map<String, String> from = new LinkedHashMap<>();
    from.put("model", models().path().getFileName().toString());
    from.put("revision", local.revision());
    from.put("dtype", local.precision().wireName());
    from.put("form", form + (organism.given() ? "; the organism's own tasks in its template" : ""));
    intervention().ifPresent(each -> from.put("intervention", each.detail()));
    from.put("seed", Long.toString(job.seed()));
    return from;
  }
}
