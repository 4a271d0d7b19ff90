package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.learn.ability.ChoiceFiles;
import dev.plumbline.learn.ability.ChoiceItem;
import dev.plumbline.learn.ability.ChoiceTask;
import dev.plumbline.learn.ability.Task;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.sample.LocalSource;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.QuestionFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the models are asked and read on. */
final class EvidenceOptions {
  @Option(
      names = "--questions",
      paramLabel = "FILE",
      description =
          "JSONL of {\"id\", \"question\"}: answers to them are judged; half of them choose the"
              + " setting, the other half report on it.")
  private Path questions;

  @Option(
      names = "--aligned",
      paramLabel = "FILE",
      description =
          "JSONL of aligned exchanges: KL a token, perplexity, and the random control's baselines;"
              + " split by prompt like the questions.")
  private Path aligned;

  @Option(
      names = "--benign",
      paramLabel = "FILE",
      description = "Questions like --questions that nobody should refuse (no refusals measured).")
  private Path benign;

  @Option(
      names = "--refusals",
      paramLabel = "FILE",
      description = "Phrases that make an answer a refusal, one a line (this project's own list).")
  private Path refusals;

  @Option(
      names = "--choices",
      paramLabel = "NAME=FILE",
      description = "mmlu, arc, race or mathqa, for accuracy without shots; may be repeated.")
  private Map<String, Path> choices = new LinkedHashMap<>();

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description =
          "Perplexity on these documents (JSONL of {\"text\"}, or plain) instead of --aligned.")
  private Path texts;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "So many of each of these at most, drawn by the seed (all).")
  private Integer limit;

  @Option(
      names = "--samples",
      defaultValue = "4",
      paramLabel = "N",
      description = "Answers to each of --questions and --benign (${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--temperature",
      defaultValue = "1",
      description = "0 is greedy (${DEFAULT-VALUE}).")
  private double temperature;

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
      description = "Answers side by side (${DEFAULT-VALUE}).")
  private int batch;

  Optional<Path> questions() {
    return Optional.ofNullable(questions);
  }

  Optional<Path> aligned() {
    return Optional.ofNullable(aligned);
  }

  Optional<Path> texts() {
    return Optional.ofNullable(texts);
  }

  List<Question> benign(long seed) {
    return benign == null ? List.of() : some(QuestionFile.read(benign), seed);
  }

  RefusalRule refusals() {
    return refusals == null ? RefusalRule.shipped() : RefusalRule.read(refusals);
  }

  List<Task> choices(long seed) {
    List<Task> tasks = new ArrayList<>();
    choices.forEach(
        (name, file) -> {
          List<ChoiceItem> items = some(ChoiceFiles.items(name, file), seed);
          tasks.add(new ChoiceTask(name, List.of(), items, ChoiceFiles.predicted(name)));
        });
    return tasks;
  }

  int samples() {
    Check.that(samples > 0, "--samples", "1 or more", samples, "raise it");
    return samples;
  }

  LocalSource.Drawing drawing(long seed) {
    return new LocalSource.Drawing(temperature, 1, maxTokens, batch, seed);
  }

  /** For the record. */
  String sampled() {
    return samples
        + " a question, temperature "
        + temperature
        + ", at most "
        + maxTokens
        + " tokens";
  }

  /** At most as many as the limit says. */
  <T> List<T> some(List<T> all, long seed) {
    Check.that(limit == null || limit > 1, "--limit", "2 or more", limit, "raise it");
    if (limit == null || limit >= all.size()) {
      return all;
    }
    List<T> drawn = new ArrayList<>(all);
    Collections.shuffle(drawn, Seeds.random(seed, "mitigation/limit"));
    return List.copyOf(drawn.subList(0, limit));
  }
}
