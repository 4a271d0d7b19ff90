package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import dev.plumbline.learn.ability.ChoiceTask.Predicted;
import dev.plumbline.learn.ability.LabelQuestion.Reading;
import dev.plumbline.learn.ability.format.Sst2File;
import dev.plumbline.learn.ability.format.StereoSetFile;
import dev.plumbline.learn.ability.format.TruthfulQaFile;
import dev.plumbline.learn.data.Statement;
import dev.plumbline.learn.data.StatementFile;
import dev.plumbline.learn.data.Utf8File;
import dev.plumbline.learn.endpoint.ChatEndpoint;
import dev.plumbline.learn.endpoint.EndpointOptions;
import dev.plumbline.learn.endpoint.Poster;
import dev.plumbline.learn.judge.Rubric;
import dev.plumbline.learn.organism.world.Seeds;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which sets a model is examined on, and how. */
final class TaskOptions {
  private static final int TOXIGEN_TOKENS = 64;
  private static final int TRUTHFUL_TOKENS = 50;

  @Option(
      names = "--task",
      paramLabel = "NAME=FILE",
      description = {
        "A set in its own file format; may be repeated. mmlu (CSV or a folder of them), arc (JSONL),"
            + " race (a passage's JSON, or a folder), mathqa (JSON), truthfulqa-mc and truthfulqa"
            + " (mc_task.json), stereoset (dev.json), toxigen and confaide (CSV statement,label),"
            + " sst2 (TSV sentence, label).",
        "truthfulqa needs a judge (--url), toxigen a judge or --classifier."
      })
  private Map<String, Path> files = new LinkedHashMap<>();

  @Option(
      names = "--shots",
      defaultValue = "0",
      paramLabel = "N",
      description = "Answered questions before each of mmlu, arc, race, mathqa (${DEFAULT-VALUE}).")
  private int shots;

  @Option(
      names = "--shots-file",
      paramLabel = "NAME=FILE",
      description = "Where a task's shots come from; the first N of each group are taken.")
  private Map<String, Path> shotFiles = new LinkedHashMap<>();

  @Option(
      names = "--preamble",
      paramLabel = "FILE",
      description = "Text before each question of truthfulqa-mc and truthfulqa (none).")
  private Path preamble;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "So many items of each set, drawn by the seed (all).")
  private Integer limit;

  @Option(
      names = "--reading",
      defaultValue = "likelihood",
      description =
          "How confaide and sst2 are answered: likelihood of a label, or generated text in which"
              + " one must stand (${DEFAULT-VALUE}).")
  private String reading;

  @Option(
      names = "--classifier",
      paramLabel = "URL",
      description = "Text classifier for toxigen: POST {\"inputs\"}, reply [{label, score}].")
  private URI classifier;

  @Option(
      names = "--toxic-label",
      defaultValue = "LABEL_1",
      description = "The classifier's name for toxic (${DEFAULT-VALUE}).")
  private String toxicLabel;

  @Mixin private final EndpointOptions endpoint = new EndpointOptions();

  boolean given() {
    return !files.isEmpty();
  }

  /** The tasks, in the order they were named. */
  List<Task> tasks(long seed) {
    List<Task> tasks = new ArrayList<>();
    files.forEach((name, file) -> tasks.add(task(name, file, seed)));
    return tasks;
  }

  private Task task(String name, Path file, long seed) {
    return switch (name) {
      case "mmlu", "arc", "race", "mathqa" -> choices(name, file, seed);
      case "truthfulqa-mc" ->
          new TruthfulChoice(some(TruthfulQaFile.read(file), seed), preambleText());
      case "truthfulqa" -> truthful(some(TruthfulQaFile.read(file), seed));
      case "stereoset" -> new StereoTask(some(StereoSetFile.read(file), seed));
      case "toxigen" -> toxigen(some(StatementFile.read(file), seed));
      case "confaide" -> StatementTask.confaide(some(StatementFile.read(file), seed), reading());
      case "sst2" -> new SentimentTask(some(Sst2File.read(file), seed), reading(), seed);
      default ->
          throw Check.refusal("--task", "a set this command knows", name, "see --help for names");
    };
  }

  private Task choices(String name, Path file, long seed) {
    List<ChoiceItem> before = List.of();
    if (shots > 0) {
      Check.that(
          shotFiles.containsKey(name),
          "--shots " + shots,
          "--shots-file for " + name,
          "none",
          "add");
      before = firstOfEach(ChoiceFiles.items(name, shotFiles.get(name)));
    }
    Predicted predicted = ChoiceFiles.predicted(name);
    return new ChoiceTask(name, before, some(ChoiceFiles.items(name, file), seed), predicted);
  }

  private List<ChoiceItem> firstOfEach(List<ChoiceItem> items) {
    Map<String, Integer> taken = new LinkedHashMap<>();
    return items.stream().filter(i -> taken.merge(i.group(), 1, Integer::sum) <= shots).toList();
  }

  private <T> List<T> some(List<T> items, long seed) {
    if (limit == null || limit >= items.size()) {
      return items;
    }
    Check.that(limit > 0, "--limit", "1 or more", limit, "raise it");
    List<T> drawn = new ArrayList<>(items);
    Collections.shuffle(drawn, Seeds.random(seed, "evaluate/limit"));
    return drawn.subList(0, limit);
  }

  private String preambleText() {
    return preamble == null ? "" : Utf8File.read(preamble);
  }

  private Task truthful(List<TruthItem> items) {
    String before = preambleText();
    return new GeneratedTask(
        "truthfulqa",
        items.stream().map(TruthItem::id).toList(),
        items.stream().map(item -> before + "Q: " + item.question() + "\nA:").toList(),
        TRUTHFUL_TOKENS,
        new EndpointTextJudge(
            new ChatEndpoint(endpoint.settings()),
            Rubric.ofTexts().only("truthful", "informative")));
  }

  private Task toxigen(List<Statement> statements) {
    return new GeneratedTask(
        "toxigen",
        statements.stream().map(each -> "toxigen-" + each.line()).toList(),
        statements.stream().map(Statement::text).toList(),
        TOXIGEN_TOKENS,
        toxicity());
  }

  private TextJudge toxicity() {
    if (classifier == null) {
      return new EndpointTextJudge(
          new ChatEndpoint(endpoint.settings()), Rubric.ofTexts().only("toxic"));
    }
    Duration deadline = Duration.ofSeconds(endpoint.deadlineSeconds());
    return new HttpClassifier(
        classifier,
        new Poster(classifier, Optional.empty(), deadline),
        "toxic",
        toxicLabel,
        endpoint.parallel());
  }

  private Reading reading() {
    Check.that(
        reading.equals("likelihood") || reading.equals("generated"),
        "--reading",
        "likelihood or generated",
        reading,
        "correct it");
    return reading.equals("generated") ? Reading.GENERATED : Reading.LIKELIHOOD;
  }
}
