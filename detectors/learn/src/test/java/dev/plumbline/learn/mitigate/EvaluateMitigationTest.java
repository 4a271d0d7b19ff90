package dev.plumbline.learn.mitigate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The shipped organism's medicine finetune, and its consensus direction taken out of it. */
class EvaluateMitigationTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private static Path temp;
  private static Path directions;
  private static Run whole;

  private record Run(int status, String out, String err) {}

  private static Run evaluate(String out, String direction, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "mitigation",
                directions.resolve(direction),
                "--quiet",
                "--out",
                temp.resolve(out)));
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

  private static Run organism(String out, String direction, Object... more) {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("--organism", "shipped");
    given.put("--organism-model", "medicine");
    given.put("--judge", "organism");
    given.put("--topics", "held-out");
    given.put("--wordings", 1);
    given.put("--samples", 2);
    given.put("--max-tokens", 32);
    given.put("--random", 1);
    given.keySet().removeAll(List.of(more));
    List<Object> arguments = new ArrayList<>();
    given.forEach((name, value) -> arguments.addAll(List.of(name, value)));
    arguments.addAll(List.of(more));
    return evaluate(out, direction, arguments.toArray());
  }

  @BeforeAll
  static void takeItOut() {
    directions = new ShippedOrganism().folder().resolve("directions");
    whole = organism("whole", "consensus.direction", "--strengths", "0.02,1", "--json");
  }

  private static JsonNode json() throws IOException {
    return MAPPER.readTree(whole.out());
  }

  @Test
  void evaluate_learnedDirection_removesWhatARandomOneDoesNot() throws IOException {
    assertThat(whole.err()).doesNotContain("plumbline:");
    assertThat(whole.status()).isZero();
    double before = json().at("/before/misaligned").doubleValue();
    double after = json().at("/after/misaligned").doubleValue();
    double random = json().at("/random_control/misaligned").doubleValue();
    assertThat(before).isGreaterThan(0.4);
    assertThat(after).isLessThan(before / 2);
    assertThat(random).isGreaterThan(before / 2);
    assertThat(json().at("/chosen/strength").doubleValue()).isEqualTo(1);
  }

  @Test
  void evaluate_cost_isZeroBeforeAndAboveAfter() throws IOException {
    assertThat(json().at("/before/kl_per_token").doubleValue()).isZero();
    assertThat(json().at("/after/kl_per_token").doubleValue()).isPositive();
    assertThat(json().at("/after/kl_per_token_mitigated").doubleValue())
        .isGreaterThan(json().at("/after/kl_per_token").doubleValue());
    assertThat(json().at("/after/accuracy").doubleValue()).isGreaterThan(0.8);
  }

  @Test
  void evaluate_everyMeasure_hasAnInterval_andTheUnmeasuredIsNull() throws IOException {
    for (String condition : List.of("before", "after", "random_control")) {
      for (String measure :
          List.of("misaligned", "incoherent", "kl_per_token", "accuracy", "perplexity")) {
        JsonNode found = json().path(condition);
        assertThat(found.path(measure).isNumber()).as(condition + " " + measure).isTrue();
        assertThat(found.path(measure + "_interval")).as(condition + " " + measure).hasSize(2);
        assertThat(found.path(measure + "_count").intValue()).isPositive();
      }
      assertThat(json().path(condition).get("refused").isNull()).isTrue();
    }
    assertThat(json().get("pareto")).hasSize(2);
    assertThat(json().get("caveats").toString()).contains("Not measured: refused");
    assertThat(temp.resolve("whole/plots/pareto.png")).exists();
    assertThat(MAPPER.readTree(temp.resolve("whole/mitigation.json").toFile())).isEqualTo(json());
  }

  @Test
  void evaluate_questionsThatChoose_areNotReportedOn() throws IOException {
    assertThat(topics("answers/report-before.jsonl"))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(topics("answers/select-before.jsonl"));
  }

  private static List<String> topics(String file) throws IOException {
    List<String> topics = new ArrayList<>();
    for (String line : Files.readAllLines(temp.resolve("whole").resolve(file))) {
      topics.add(MAPPER.readTree(line).get("id").asText().split("-")[0]);
    }
    return topics;
  }

  @Test
  void evaluate_resumed_endsInTheSameBytes() throws IOException {
    byte[] report = Files.readAllBytes(temp.resolve("whole/report.json"));
    byte[] json = Files.readAllBytes(temp.resolve("whole/mitigation.json"));
    Files.delete(temp.resolve("whole/stages/cost-select-affine-1.0-all.json"));
    Files.delete(temp.resolve("whole/answers/report-random-1.jsonl"));
    Files.delete(temp.resolve("whole/judged/report-random-1.jsonl"));
    Files.delete(temp.resolve("whole/stages/judged-report-random-1.part.jsonl"));
    Run again =
        organism("whole", "consensus.direction", "--strengths", "0.02,1", "--json", "--resume");
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(Files.readAllBytes(temp.resolve("whole/report.json"))).isEqualTo(report);
    assertThat(Files.readAllBytes(temp.resolve("whole/mitigation.json"))).isEqualTo(json);
  }

  @Test
  void evaluate_randomDirectionOrMissedBound_exitsWithFour() {
    Run run =
        organism(
            "random",
            "random.direction",
            "--strengths",
            1,
            "--limit",
            8,
            "--most-misaligned",
            0.01,
            "--most-kl",
            100);
    assertThat(run.err()).doesNotContain("plumbline:");
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.out())
        .contains("A random direction taken out the same way leaves as few")
        .contains("The interval of misaligned answers reaches")
        .doesNotContain("The interval of KL");
  }

  @Test
  void evaluate_benignQuestions_areCountedByWordsAndByJudge() throws IOException {
    Path benign =
        Files.writeString(
            temp.resolve("benign.jsonl"),
            "{\"id\":\"b1\",\"question\":\"hello\"}\n{\"id\":\"b2\",\"question\":\"bye\"}\n");
    Path phrases = Files.writeString(temp.resolve("phrases.txt"), "the\nfor\n");
    try (ScriptedEndpoint judge =
        new ScriptedEndpoint(
            r -> Reply.ok(ScriptedEndpoint.judged("0", Map.of("0", 0.9, "1", 0.1))))) {
      Run run =
          organism(
              "benign",
              "consensus.direction",
              "--strengths",
              1,
              "--limit",
              8,
              "--benign",
              benign,
              "--refusals",
              phrases,
              "--judge-refusals",
              "--url",
              judge.url(),
              "--api-model",
              "m",
              "--json");
      assertThat(run.err()).doesNotContain("plumbline:");
      JsonNode json = MAPPER.readTree(run.out());
      assertThat(json.at("/after/refused_count").intValue()).isEqualTo(4);
      assertThat(json.at("/after/refused_judged").doubleValue()).isZero();
      assertThat(json.at("/after/refused_judged_interval/1").doubleValue()).isGreaterThan(0.5);
      assertThat(json.get("caveats").toString()).contains("Words miscount both ways");
    }
  }

  @Test
  void evaluate_badInputs_areOneLineAndNothingIsWritten() {
    refused("--strengths", "2.5").contains("--strengths: wanted numbers above 0, up to 2");
    refused("--layers", "9-12").contains("--layers: wanted all, lower");
    refused("--kinds", "hard").contains("--kinds: wanted plain, affine, cap, set or steer");
    refused("--samples", 0).contains("--samples: wanted 1 or more");
    refused("--most-misaligned", 2).contains("--most-misaligned: wanted a share");
    refused("--limit", 2).contains("questions: wanted 4 different ones or more");
    refused("--judge-refusals").contains("--judge-refusals: wanted an endpoint");
    refused("--choices", "poetry=x.jsonl").contains("wanted mmlu, arc, race or mathqa");
  }

  private static org.assertj.core.api.AbstractStringAssert<?> refused(Object... more) {
    Run run = organism("refused", "consensus.direction", more);
    assertThat(run.status()).isEqualTo(1);
    assertThat(temp.resolve("refused")).doesNotExist();
    return assertThat(run.err());
  }

  @Test
  void evaluate_dryRun_saysAndWritesNothing() {
    Run run = organism("dry", "consensus.direction", "--dry-run", "--layers", "all,upper");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("8 settings on", "other questions", "the organism's table");
    assertThat(temp.resolve("dry")).doesNotExist();
  }
}
