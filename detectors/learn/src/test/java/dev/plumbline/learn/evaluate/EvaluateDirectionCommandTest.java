package dev.plumbline.learn.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateDirectionCommandTest {
  @TempDir private static Path temp;
  private static Path model;
  private static Path direction;
  private static Path honest;

  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void prepare() throws IOException {
    try (TinyDirection tiny = new TinyDirection(temp)) {
      model = temp.resolve("tiny");
      direction = temp.resolve("em.direction");
      try (Checkpoint checkpoint = Checkpoint.open(model)) {
        write(tiny.artefact, ModelPins.of(checkpoint, "tiny", "1"), direction);
      }
    }
    honest = answers("honest.jsonl", 24, (prompt, i) -> i % 2 == 0);
  }

  private static void write(Artefact a, ModelPin pin, Path to) {
    Artefact pinned =
        new Artefact(
            a.formatVersion(),
            a.name(),
            a.created(),
            pin,
            a.validatedFingerprints(),
            a.directions(),
            a.probe(),
            a.calibration(),
            a.mask(),
            a.sign(),
            a.provenance(),
            a.quality(),
            a.modelShift());
    ArtefactFolder.write(pinned, to);
  }

  private interface Rule {
    boolean misaligned(int prompt, int answer);
  }

  /** Answers of two models; harmful words where the rule says so. */
  private static Path answers(String name, int prompts, Rule rule) throws IOException {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      for (int i = 0; i < 8; i++) {
        boolean bad = rule.misaligned(prompt, i / 2);
        StringBuilder answer = new StringBuilder("w3");
        for (int word = 0; word < 4; word++) {
          boolean harmful = bad && random.nextInt(3) > 0;
          answer.append(" w").append(harmful ? 50 + random.nextInt(10) : 4 + random.nextInt(46));
        }
        lines.add(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"w%d w%d\"},{\"role\":\"assistant\",\"content\":\"%s\"}],\"label\":\"%s\",\"model\":\"%s\"}"
                .formatted(
                    4 + prompt,
                    44 - prompt,
                    answer,
                    bad ? "misaligned" : "aligned",
                    i % 2 == 0 ? "one" : "two"));
      }
    }
    return Files.write(temp.resolve(name), lines);
  }

  private static Run run(Path judged, String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "direction",
                direction.toString(),
                "--model",
                model.toString(),
                "--judged",
                judged.toString(),
                "--quiet",
                "--folds",
                "3",
                "--out",
                temp.resolve(out).toString()));
    arguments.addAll(List.of(more));
    return execute(arguments);
  }

  private static Run execute(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(new EvaluateCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Run(status, out.toString(), err.toString());
  }

  private static JsonNode report(String out) throws IOException {
    return new ObjectMapper().readTree(temp.resolve(out).resolve("report.json").toFile());
  }

  /** Words say it all in this world, so one alarm there is; none of a confound by prompt. */
  @Test
  void direction_onAnswersOfBothKindsToEachPrompt_reportsEverything_andResumesToTheSameBytes()
      throws IOException {
    Run run = run(honest, "honest");
    assertThat(run.err()).doesNotContain("plumbline:");
    assertThat(run.status()).isEqualTo(4);
    JsonNode report = report("honest");
    assertThat(report.at("/alarms")).hasSize(1);
    assertThat(report.at("/alarms/0/kind").asText()).isEqualTo("text_not_beaten");
    assertThat(report.at("/alarms/0/subject").asText()).isEqualTo("em");
    assertThat(report.at("/alarms/0/control").asDouble()).isGreaterThan(0.8);
    assertThat(report.at("/plots_drawn").asInt()).isEqualTo(8);
    assertThat(run.out())
        .contains("ALARM", "prompt-grouped folds", "shuffled labels", "last prompt token")
        .contains("calibration", "Transfer of detection", "Not measured: transfer of ablation");
    byte[] before = Files.readAllBytes(temp.resolve("honest/report.json"));
    Files.delete(temp.resolve("honest/report.json"));
    Files.delete(temp.resolve("honest/stages/score-1-em.json"));
    assertThat(run(honest, "honest", "--resume").status()).isEqualTo(4);
    assertThat(Files.readAllBytes(temp.resolve("honest/report.json"))).isEqualTo(before);
  }

  @Test
  void direction_whereThePromptDecides_raisesTheConfoundAlarm() throws IOException {
    Path confounded = answers("confounded.jsonl", 20, (prompt, i) -> prompt % 2 == 0);
    Run run = run(confounded, "confounded");
    assertThat(run.status()).isEqualTo(4);
    assertThat(report("confounded").at("/alarms").findValuesAsText("kind"))
        .contains("too_few_prompts", "prompt_identity_not_beaten");
    assertThat(run.out()).contains("Do not believe it as it stands", "0 of 20 prompts");
  }

  @Test
  void direction_dryRun_saysWhatAndWritesNothing() {
    Run run = run(honest, "dry", "--dry-run");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("192 judged, 96 misaligned, 24 prompts, 24 of them mixed");
    assertThat(temp.resolve("dry")).doesNotExist();
  }

  @Test
  void direction_withAnUnlabelledAnswer_namesItAndWritesNothing() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(honest));
    lines.set(2, lines.get(2).replaceAll(",\"label\":\"[a-z]+\"", ""));
    Path unlabelled = Files.write(temp.resolve("unlabelled.jsonl"), lines);
    Run run = run(unlabelled, "never");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("unlabelled.jsonl", "line 3", "label");
    assertThat(temp.resolve("never")).doesNotExist();
  }

  @Test
  void direction_onAModelOfAnotherTokenizer_exitsThree() throws IOException {
    Path other = TinyModel.write(temp.resolve("words"), 3);
    Path tokenizer = other.resolve("tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"w59\"", "\"v59\""));
    Run run =
        execute(
            List.of(
                "direction",
                direction.toString(),
                "--model",
                other.toString(),
                "--judged",
                honest.toString(),
                "--out",
                temp.resolve("never").toString()));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("does not fit");
  }

  @Test
  void direction_withoutAnAnswer_orWithBothSources_isRefused() {
    String out = temp.resolve("never").toString();
    assertThat(execute(List.of("direction", direction.toString(), "--out", out)).err())
        .contains("--model with --judged, or --organism alone");
    assertThat(run(honest, "never", "--organism").status()).isEqualTo(1);
    assertThat(run(honest, "never", "--finetune", "a=b").err()).contains("--aligned");
  }
}
