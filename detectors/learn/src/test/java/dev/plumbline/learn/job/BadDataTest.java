package dev.plumbline.learn.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.learn.job.BadFiles.Bad;
import dev.plumbline.learn.job.BadFiles.Kind;
import dev.plumbline.learn.job.Jobs.Run;
import dev.plumbline.torch.cli.Exit;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every job and every bad input it can be given: status 1, one line that says file, line, what was
 * wanted and found, and nothing written.
 */
class BadDataTest {
  @TempDir private static Path temp;
  private static Jobs jobs;
  private static int threads;

  /** A job's option that takes a file. */
  private record Place(String job, String file, Kind kind) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("finetune", "exchanges.jsonl", Kind.EXCHANGES),
          new Place("finetune", "others.jsonl", Kind.EXCHANGES),
          new Place("sample", "questions.jsonl", Kind.KEYED),
          new Place("judge", "sampled.jsonl", Kind.KEYED),
          new Place("learn direction", "aligned.jsonl", Kind.ALIGNED),
          new Place("learn direction", "judged.jsonl", Kind.JUDGED),
          new Place("learn direction of statements", "statements.csv", Kind.TABLE),
          new Place("evaluate direction", "judged.jsonl", Kind.JUDGED),
          new Place("evaluate model", "arc.jsonl", Kind.KEYED),
          new Place("evaluate model", "statements.csv", Kind.TABLE),
          new Place("evaluate mitigation", "questions.jsonl", Kind.KEYED),
          new Place("evaluate mitigation", "benign.jsonl", Kind.KEYED),
          new Place("evaluate mitigation", "aligned.jsonl", Kind.ALIGNED),
          new Place("evaluate mitigation", "web.jsonl", Kind.LINES),
          new Place("compare solutions", "web.jsonl", Kind.LINES),
          new Place("dynamics", "statements.csv", Kind.TABLE),
          new Place("reproduce", "papers.md", Kind.TEXT));

  private static Jobs jobs() throws IOException {
    if (jobs == null) {
      threads = TorchRuntime.start().threads();
      jobs = new Jobs(temp.resolve("jobs"));
    }
    return jobs;
  }

  @AfterAll
  static void restore() {
    TorchRuntime.start().threads(threads);
  }

  static Stream<Arguments> badFiles() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    for (Place place : PLACES) {
      Path good = jobs().file(place.file());
      Path folder = temp.resolve("bad").resolve(place.job());
      Map<String, Bad> bad = BadFiles.of(good, place.kind(), folder);
      if (place.job().equals("reproduce")) {
        bad.remove("absent");
      }
      bad.forEach((what, file) -> cases.add(Arguments.of(place.job(), place.file(), what, file)));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("badFiles")
  void job_ofABadFile_isOneLineWithItsPlace_andNothingIsWritten(
      String job, String file, String what, Bad bad) {
    Run run =
        jobs.changed(
            job,
            "never",
            words ->
                words.stream().map(word -> word.replace("@" + file, bad.file() + "")).toList());

    refused(run);
    assertThat(run.err()).contains(bad.file().getFileName().toString()).contains(bad.line());
    assertThat(jobs.file("never")).doesNotExist();
  }

  /** Those that run a model; the adapters and artefacts they were given stay sound. */
  static List<String> models() {
    return List.of(
        "finetune",
        "sample",
        "learn direction",
        "evaluate direction",
        "evaluate model",
        "compare solutions",
        "dynamics");
  }

  @ParameterizedTest
  @MethodSource("models")
  void job_ofAModelWithWeightsThatAreNotNumbers_namesTheTensor(String job) throws IOException {
    jobs();
    Path model = SpoiltModel.write(jobs.file("model"), jobs.file("nan"), Float.NaN);
    Run run = withModel(job, model, "nan of " + job);

    refused(run);
    assertThat(run.err()).contains("model.safetensors").contains(SpoiltModel.TENSOR);
    assertNothingToLookAt("nan of " + job);
  }

  /** Finite weights whose hidden states are not: what float16 does to real models. */
  @ParameterizedTest
  @MethodSource("models")
  void job_ofHiddenStatesThatAreNotNumbers_isOneLine_andNothingIsHalfWritten(String job)
      throws IOException {
    jobs();
    Path model = SpoiltModel.write(jobs.file("model"), jobs.file("large"), 3e38f);
    Run run = withModel(job, model, "large of " + job);

    refused(run);
    assertThat(run.err()).containsIgnoringCase("finite");
    assertNothingToLookAt("large of " + job);
  }

  private static Run withModel(String job, Path model, String out) {
    return jobs.changed(
        job,
        out,
        words ->
            words.stream()
                .map(word -> word.replaceAll("@(model|bytes|step-200)$", model.toString()))
                .toList());
  }

  private static void assertNothingToLookAt(String out) throws IOException {
    if (!Files.exists(jobs.file(out))) {
      return;
    }
    try (Stream<Path> files = Files.walk(jobs.file(out))) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .doesNotContain("report.json", "report.html", "items.jsonl", "answers.jsonl")
          .doesNotContain("adapter_model.safetensors", "direction.json", "findings.json")
          .noneMatch(name -> name.endsWith(".part"));
    }
  }

  private static void refused(Run run) {
    assertThat(run.err()).startsWith("plumbline: ").hasLineCount(1).doesNotContain("\tat ");
    assertThat(run.err()).contains("wanted ").contains("found ");
    assertThat(run.status()).as(run.err()).isEqualTo(Exit.FAILED);
    assertThat(run.out()).isEmpty();
  }
}
