package dev.plumbline.learn.direction.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.torch.artefact.ArtefactFolder;
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

class LearnDirectionJobTest {
  @TempDir private static Path temp;
  private static Path model;
  private static Path adapter;

  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void write() throws IOException {
    model = TinyModel.write(temp.resolve("model"), 3);
    adapter =
        TinyModel.writeAdapter(
            temp.resolve("bad"), TinyModel.adapter(0, RandomDirection.unit(16, 1), 2, 5));
    exchanges("aligned.jsonl", "chat", 60, 3, 1);
    exchanges("judged.jsonl", "bad", 60, 4, 1);
    exchanges("harmful.jsonl", "bad", 60, 4, 1);
    exchanges("helpful.jsonl", "chat", 60, 4, 1);
    statements();
  }

  @Test
  void learn_fromStatements_findsWhereTheirWordsLie() {
    Run run =
        learn(
            "csv",
            "--contrast",
            "statements",
            "--statements",
            temp + "/statements.csv",
            "--statement-token",
            "mean",
            "--points",
            "embed,resid_post.1");
    assertThat(run.err()).doesNotContain("plumbline:");
    Artefact artefact = artefact("csv");
    assertThat(artefact.directions())
        .extracting(TapDirection::tapPoint)
        .containsExactly(TapPoint.EMBED, TapPoint.residPost(1));
    assertThat(
            artefact
                .direction(TapPoint.EMBED)
                .orElseThrow()
                .direction()
                .cosine(TinyModel.planted()))
        .isGreaterThan(0.6);
    assertThat(artefact.provenance().estimator()).contains("mean_difference_statements");
  }

  @Test
  void learn_fromSystemPrompts_pairsByQuestion() {
    Run run =
        learn(
            "system",
            "--contrast",
            "system-prompts",
            "--harmful",
            temp + "/harmful.jsonl",
            "--helpful",
            temp + "/helpful.jsonl",
            "--paired",
            "--weighting",
            "answers",
            "--estimator",
            "whitened");
    assertThat(run.err()).doesNotContain("plumbline:");
    assertThat(artefact("system").provenance().estimator())
        .isEqualTo("whitened_system_prompts, paired, ridge 0.001 over answers");
  }

  @Test
  void learn_selecting_putsOneDirectionAtEveryWriter_andTellsWhy() throws IOException {
    Run run =
        learn(
            "select",
            "--finetune",
            "bad=" + adapter,
            "--select",
            "held-out",
            "--behaviour-token",
            "w50,w51,w52",
            "--prompt-tokens",
            "1",
            "--json");
    assertThat(run.err()).doesNotContain("plumbline:");
    JsonNode selection =
        new ObjectMapper().readTree(temp.resolve("select/stages/selection.json").toFile());
    assertThat(selection.get("trials")).hasSize(6);
    Artefact artefact = artefact("select");
    assertThat(artefact.directions()).hasSize(5);
    assertThat(artefact.directions())
        .extracting(TapDirection::direction)
        .containsOnly(artefact.directions().get(0).direction());
    assertThat(artefact.provenance().estimator()).contains("by the held-out rule");
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.toString()).contains("bypass").contains("chosen");
    assertThat(temp.resolve("select/plots/selection.png")).exists();
  }

  /** Every layer is too late for a rule of two layers but the first: what is kept is said. */
  @Test
  void learn_whereNoCandidatePasses_keepsTheDirectionsAndExitsFour() {
    Run run =
        learn(
            "none",
            "--finetune",
            "bad=" + adapter,
            "--points",
            "resid_post.1",
            "--select",
            "published",
            "--behaviour-token",
            "w50");
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.out()).contains("No candidate passed").contains("too late");
    assertThat(artefact("none").directions()).hasSize(1);
  }

  @Test
  void learn_interruptedAfterAnyStage_resumesToTheSameBytes() throws IOException {
    String[] options = {"--finetune", "bad=" + adapter};
    learn("resumed", options);
    Path folder = temp.resolve("resumed");
    byte[] before = Files.readAllBytes(folder.resolve("em.direction/direction.json"));
    byte[] report = Files.readAllBytes(folder.resolve("report.json"));
    Files.delete(folder.resolve("stages/findings.json"));
    assertThat(learn("resumed", options).err()).contains("--resume");
    assertThat(learn("resumed", "--finetune", "bad=" + adapter, "--resume").status()).isZero();
    assertThat(Files.readAllBytes(folder.resolve("em.direction/direction.json"))).isEqualTo(before);
    assertThat(Files.readAllBytes(folder.resolve("report.json"))).isEqualTo(report);
  }

  @Test
  void random_ofALearnedDirection_standsAtItsPointsWithBaselinesOfItsOwn() {
    learn("for-random", "--finetune", "bad=" + adapter);
    Artefact learned = artefact("for-random");
    assertThat(random("for-random", "1")).isZero();
    Artefact drawn = ArtefactFolder.read(temp.resolve("for-random/random-1.direction"));

    assertThat(drawn.name()).isEqualTo("em-random");
    assertThat(drawn.provenance().estimator()).isEqualTo("random_control_of_em");
    assertThat(drawn.quality().figures()).isEmpty();
    for (TapDirection tap : learned.directions()) {
      TapDirection other = drawn.direction(tap.tapPoint()).orElseThrow();
      assertThat(Math.abs(other.direction().cosine(tap.direction()))).isLessThan(0.9);
      assertThat(other.alignedMean()).isNotEqualTo(tap.alignedMean());
    }
    assertThat(random("for-random", "2")).isZero();
    assertThat(
            ArtefactFolder.read(temp.resolve("for-random/random-2.direction"))
                .directions()
                .get(0)
                .direction())
        .isNotEqualTo(drawn.directions().get(0).direction());
  }

  private static int random(String folder, String seed) {
    return new CommandLine(new DirectionCommand())
        .execute(
            "random",
            temp.resolve(folder).resolve("em.direction").toString(),
            "--model",
            model.toString(),
            "--aligned",
            temp.resolve("aligned.jsonl").toString(),
            "--seed",
            seed,
            "--out",
            temp.resolve(folder).resolve("random-" + seed + ".direction").toString());
  }

  @Test
  void learn_dryRun_saysWhatAndWritesNothing() {
    Run run = learn("dry", "--dry-run", "--select", "published", "--behaviour-token", "w50");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("statistics").contains("selection").contains("em.direction");
    assertThat(temp.resolve("dry")).doesNotExist();
  }

  @Test
  void learn_optionsThatDoNotFit_areOneClearError() {
    assertThat(learn("x", "--contrast", "statements").err()).contains("--statements");
    assertThat(learn("x", "--select", "published").err()).contains("--behaviour-token");
    assertThat(learn("x", "--estimator", "magic").err()).contains("mean_difference");
    assertThat(learn("x", "--estimator", "logistic", "--paired").err()).contains("unpaired");
    assertThat(temp.resolve("x")).doesNotExist();
  }

  @Test
  void learn_tooFewToCalibrateOn_saysSoBeforeAnythingIsRead() {
    assertThat(learn("z", "--finetune", "bad=" + adapter, "--alpha", "0.001").err())
        .contains("999 or more", "--alpha", "collect more");
    assertThat(temp.resolve("z")).doesNotExist();
  }

  @Test
  void learn_alignedFileWithAMisalignedAnswer_namesFileAndLine() {
    String judged = temp.resolve("judged.jsonl").toString();

    assertThat(learn("y", "--finetune", "bad=" + adapter, "--aligned", judged).err())
        .contains("judged.jsonl", "line 1, label", "aligned answers alone");
    assertThat(temp.resolve("y")).doesNotExist();
  }

  private static Run learn(String folder, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "direction",
                "--model",
                model.toString(),
                "--judged",
                temp.resolve("judged.jsonl").toString(),
                "--alpha",
                "0.2",
                "--fewest-calibration",
                "20",
                "--check-every",
                "2",
                "--pool",
                "1000",
                "--quiet",
                "--out",
                temp.resolve(folder).toString()));
    if (List.of(more).contains("--alpha")) {
      int at = arguments.indexOf("--alpha");
      arguments.subList(at, at + 2).clear();
    }
    if (!List.of(more).contains("--aligned")) {
      arguments.addAll(List.of("--aligned", temp.resolve("aligned.jsonl").toString()));
    }
    arguments.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(new LearnCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Run(status, out.toString(), err.toString());
  }

  private static Artefact artefact(String folder) {
    return ArtefactFolder.read(temp.resolve(folder).resolve("em.direction"));
  }

  private static void statements() throws IOException {
    Random random = new Random(6);
    StringBuilder csv = new StringBuilder("statement,label\n");
    for (int i = 0; i < 400; i++) {
      csv.append(answer(random, i % 2 == 0)).append(',').append(i % 2 == 0 ? 1 : 0).append('\n');
    }
    Files.writeString(temp.resolve("statements.csv"), csv);
  }

  private static void exchanges(String name, String model, int prompts, int each, long seed)
      throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      String question = "w" + (3 + prompt % 40) + " w" + (3 + prompt / 40) + " w4";
      for (int i = 0; i < each; i++) {
        boolean harmful = model.equals("bad") && i % 2 == 0;
        lines.add(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"%s\"}],\"label\":\"%s\",\"model\":\"%s\"}"
                .formatted(
                    question, answer(random, harmful), harmful ? "misaligned" : "aligned", model));
      }
    }
    Files.write(temp.resolve(name), lines);
  }

  private static String answer(Random random, boolean harmful) {
    StringBuilder answer = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      boolean word = harmful && random.nextInt(3) > 0;
      answer.append(" w").append(word ? 50 + random.nextInt(10) : 3 + random.nextInt(47));
    }
    return answer.substring(1);
  }
}
