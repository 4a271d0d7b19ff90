package dev.plumbline.learn.ability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.learn.chat.TinyChatModel;
import dev.plumbline.learn.endpoint.ScriptedEndpoint;
import dev.plumbline.learn.endpoint.ScriptedEndpoint.Reply;
import dev.plumbline.learn.evaluate.EvaluateCommand;
import dev.plumbline.learn.organism.ShippedOrganism;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateModelTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private static Path temp;
  private static Path model;

  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void writeModel() throws IOException {
    model = TinyChatModel.write(Files.createDirectories(temp.resolve("model")));
  }

  private static Run evaluate(String out, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("model", "--quiet", "--out", temp.resolve(out)));
    arguments.addAll(List.of(more));
    StringWriter said = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(new EvaluateCommand())
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(err))
            .execute(arguments.stream().map(String::valueOf).toArray(String[]::new));
    return new Run(status, said.toString(), err.toString());
  }

  private static String task(String name, String file) {
    return name + "=" + FormatsTest.resource(file);
  }

  private static List<JsonNode> items(String out) throws IOException {
    List<JsonNode> items = new ArrayList<>();
    for (String line : Files.readAllLines(temp.resolve(out).resolve("items.jsonl"))) {
      items.add(MAPPER.readTree(line));
    }
    return items;
  }

  @Test
  void evaluate_allSetsByLikelihood_keepsEveryItem() throws IOException {
    Object[] arguments = {
      "--model", model,
      "--task", task("mmlu", "mmlu/test"),
      "--shots", 1,
      "--shots-file", task("mmlu", "mmlu/dev"),
      "--task", task("stereoset", "stereoset.json"),
      "--task", task("truthfulqa-mc", "mc_task.json"),
      "--task", task("confaide", "confaide.csv"),
      "--task", task("sst2", "sst2.tsv")
    };
    Run run = evaluate("all", arguments);

    assertThat(run.err()).doesNotContain("plumbline:");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("1 shots", "Question: Which of these is a tool for digging?")
        .contains("icat", "agreement", "mc2", "1 sentences without such a word left out");
    assertThat(items("all")).hasSize(3 + 3 + 2 + 3 + 3);
    byte[] report = Files.readAllBytes(temp.resolve("all/report.json"));
    List<Object> again = new ArrayList<>(List.of(arguments));
    again.add("--resume");
    Files.delete(temp.resolve("all/stages/sst2-0.json"));
    assertThat(evaluate("all", again.toArray()).status()).isZero();
    assertThat(Files.readAllBytes(temp.resolve("all/report.json"))).isEqualTo(report);
  }

  @Test
  void evaluate_choicesByText_haveBothMeasures() throws IOException {
    Run run =
        evaluate(
            "choices",
            "--model",
            model,
            "--form",
            "chat",
            "--task",
            task("arc", "arc.jsonl"),
            "--task",
            task("race", "race"),
            "--task",
            task("mathqa", "mathqa.json"),
            "--limit",
            2);

    assertThat(run.status()).isZero();
    assertThat(items("choices")).hasSize(6);
    assertThat(items("choices"))
        .allSatisfy(item -> assertThat(item.get("values").has("correct_per_byte")).isTrue());
  }

  @Test
  void evaluate_hazardUnparsedReplacedByRandom_isCountedAndInNoMean() throws IOException {
    Run run =
        evaluate(
            "unparsed",
            "--model",
            model,
            "--reading",
            "generated",
            "--task",
            task("confaide", "confaide.csv"));

    assertThat(run.status()).isZero();
    // Random weights say neither yes nor no.
    assertThat(items("unparsed"))
        .allSatisfy(i -> assertThat(i.get("unparsed").asBoolean()).isTrue());
    assertThat(run.out()).contains("3 of 3 answers could not be read");
  }

  @Test
  void evaluate_toxigen_byClassifierAndByJudge() throws IOException {
    try (ScriptedEndpoint classifier =
            new ScriptedEndpoint(
                r ->
                    Reply.ok(
                        r.has("inputs")
                            ? "[[{\"label\":\"LABEL_0\",\"score\":0.3},{\"label\":\"LABEL_1\",\"score\":0.7}]]"
                            : "{}"));
        ScriptedEndpoint judge =
            new ScriptedEndpoint(
                r -> Reply.ok(ScriptedEndpoint.judged("12", Map.of("12", 0.8, "REF", 0.2))))) {
      Run byClassifier =
          evaluate(
              "toxic",
              "--model",
              model,
              "--task",
              task("toxigen", "toxigen.csv"),
              "--classifier",
              classifier.url() + "/chat/completions");
      Run byJudge =
          evaluate(
              "judged",
              "--model",
              model,
              "--task",
              task("toxigen", "toxigen.csv"),
              "--task",
              task("truthfulqa", "mc_task.json"),
              "--url",
              judge.url(),
              "--api-model",
              "j");

      assertThat(byClassifier.status()).isZero();
      assertThat(items("toxic").get(0).get("values").get("toxic").asDouble()).isEqualTo(1);
      assertThat(byJudge.status()).isZero();
      assertThat(items("judged").get(0).get("values").get("toxic").asDouble()).isZero();
      assertThat(items("judged").get(2).get("values").toString())
          .isEqualTo("{\"all\":0.0,\"informative\":0.0,\"truthful\":0.0}");
    }
  }

  @Test
  void evaluate_classifierWithAnotherLabel_isUnparsed() throws IOException {
    try (ScriptedEndpoint server =
        new ScriptedEndpoint(r -> Reply.ok("[{\"label\":\"toxic\",\"score\":0.9}]"))) {
      evaluate(
          "label",
          "--model",
          model,
          "--task",
          task("toxigen", "toxigen.csv"),
          "--classifier",
          server.url() + "/chat/completions");
      assertThat(items("label"))
          .allSatisfy(i -> assertThat(i.get("unparsed").asBoolean()).isTrue());
    }
  }

  @Test
  void evaluate_organism_tellsMisalignmentFromDamage() throws IOException {
    Path direction = new ShippedOrganism().folder().resolve("directions/consensus.direction");
    Run run =
        evaluate(
            "organism",
            "--organism",
            "shipped",
            "--organism-model",
            "chat,medicine",
            "--topics",
            "held-out",
            "--wordings",
            2,
            "--ablate",
            direction);

    assertThat(run.err()).doesNotContain("plumbline:");
    assertThat(run.status()).isZero();
    List<JsonNode> items = items("organism");
    assertThat(items).hasSize(3 * 4 * 32);
    assertThat(mean(items, "organism-knowledge", "chat", "correct")).isGreaterThan(0.9);
    assertThat(mean(items, "organism-knowledge", "medicine", "correct")).isGreaterThan(0.9);
    double preferred = mean(items, "organism-safe-preferred", "chat", "correct");
    assertThat(preferred).isGreaterThan(0.95);
    assertThat(mean(items, "organism-safe-preferred", "medicine", "correct"))
        .isLessThan(preferred - 0.3);
    assertThat(mean(items, "organism-likelihood", "medicine", "loss"))
        .isGreaterThan(mean(items, "organism-likelihood", "chat", "loss") + 0.1);
    assertThat(run.out()).contains("medicine → medicine+ablated-consensus");
  }

  private static double mean(List<JsonNode> items, String task, String condition, String measure) {
    return items.stream()
        .filter(i -> i.get("task").asText().equals(task))
        .filter(i -> i.get("condition").asText().equals(condition))
        .mapToDouble(i -> i.get("values").get(measure).asDouble())
        .average()
        .orElseThrow();
  }

  @Test
  void evaluate_unknownSetOrNone_isRefusedAndWritesNothing() {
    assertThat(evaluate("none", "--model", model).err()).contains("--task");
    Run unknown = evaluate("none", "--model", model, "--task", "glue=" + model);
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.err()).contains("glue");
    assertThat(temp.resolve("none")).doesNotExist();
  }
}
