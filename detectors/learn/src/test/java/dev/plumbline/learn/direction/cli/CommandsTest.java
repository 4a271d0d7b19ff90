package dev.plumbline.learn.direction.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.calibrate.ScoreBaseline;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.cli.KeyCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandsTest {
  @TempDir private static Path temp;
  private static Path model;
  private static Path aligned;
  private static Path learned;

  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void learn() throws IOException {
    model = TinyModel.write(temp.resolve("model"), 3);
    Path adapter =
        TinyModel.writeAdapter(
            temp.resolve("bad"), TinyModel.adapter(0, RandomDirection.unit(16, 1), 2, 5));
    aligned = file("aligned.jsonl", "chat", 300, 4, 1);
    Path judged = file("judged.jsonl", "bad", 150, 6, 2);
    Run run =
        run(
            "learn",
            "direction",
            "--model",
            model.toString(),
            "--finetune",
            "bad=" + adapter,
            "--benign",
            "gentle=" + adapter,
            "--aligned",
            aligned.toString(),
            "--judged",
            judged.toString(),
            "--fewest-calibration",
            "200",
            "--check-every",
            "2",
            "--pool",
            "20",
            "--quiet",
            "--out",
            temp.resolve("first").toString());
    assertThat(run.err()).doesNotContain("plumbline:");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("model_shift at").contains("wrote ");
    learned = temp.resolve("first").resolve("em.direction");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exponential_mean.4", "sliding_maximum.2"})
  void learn_withAPooling_makesAnArtefactCalibratedForIt(String pooling) {
    Run run =
        run(
            "learn",
            "direction",
            "--model",
            model.toString(),
            "--aligned",
            aligned.toString(),
            "--judged",
            temp.resolve("judged.jsonl").toString(),
            "--fewest-calibration",
            "200",
            "--pooling",
            pooling,
            "--name",
            pooling.replace('_', '-'),
            "--quiet",
            "--out",
            temp.resolve(pooling).toString());
    assertThat(run.err()).doesNotContain("plumbline:");
    Artefact found =
        ArtefactFolder.read(
            temp.resolve(pooling).resolve(pooling.replace('_', '-') + ArtefactFolder.SUFFIX));
    Artefact mean = ArtefactFolder.read(learned);
    assertThat(found.probe().pooling().wireName()).isEqualTo(pooling);
    assertThat(found.probe().scale()).isNotEqualTo(mean.probe().scale());
    assertThat(found.calibration().thresholdAnswer())
        .isNotEqualTo(mean.calibration().thresholdAnswer());
    double falsePositives =
        found.quality().figure(Figure.FALSE_POSITIVES_ANSWER).orElseThrow().value();
    assertThat(falsePositives).isLessThan(0.1);
  }

  @Test
  void services_areBothGroups() {
    assertThat(ServiceLoader.load(Subcommand.class))
        .extracting(plugged -> new CommandLine(plugged.command()).getCommandName())
        .contains("learn", "direction");
  }

  @Test
  void learned_artefact_fitsItsModelExactlyAndNoOther() throws IOException {
    Artefact artefact = ArtefactFolder.read(learned);
    try (Checkpoint own = Checkpoint.open(model);
        Checkpoint other = Checkpoint.open(TinyModel.write(temp.resolve("other"), 4))) {
      assertThat(artefact.fit(ModelPins.of(own, "any", "any"))).isEqualTo(new Fit.Exact());
      assertThat(artefact.fit(ModelPins.of(other, "any", "any"))).isEqualTo(new Fit.Unverified());
    }
  }

  @Test
  void sign_thenVerify_isGoodUntilAByteChanges() throws IOException {
    Path copy = Files.createDirectories(temp.resolve("signed.direction"));
    for (String name : List.of("direction.json", "direction.safetensors")) {
      Files.copy(learned.resolve(name), copy.resolve(name));
    }
    Path key = temp.resolve("signer");
    assertThat(new CommandLine(new KeyCommand()).execute("generate", key.toString())).isZero();
    String open = key + ".pub.pem";
    assertThat(run("direction", "verify", copy.toString(), "--trusted", open).status())
        .isEqualTo(3);
    assertThat(run("direction", "sign", copy.toString(), "--key", key + ".pem").status()).isZero();
    Run good = run("direction", "verify", copy.toString(), "--trusted", open, "--json");
    assertThat(good.status()).isZero();
    assertThat(good.out()).contains("\"signature\":\"signed\"");
    Files.writeString(copy.resolve("direction.json"), " ", StandardOpenOption.APPEND);
    assertThat(run("direction", "verify", copy.toString(), "--trusted", open).status())
        .isEqualTo(3);
  }

  @Test
  void show_ofAWeakDirection_warnsFirst() {
    Run run = run("direction", "show", learned.toString());
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("!!! WARNING", "false_positives_kl_narrow not measured", "within_prompt_auroc")
        .contains("resid_post.1", "thresholds", "aligned answers; at least half score at most")
        .doesNotContain("baseline_score");
    assertThat(run.out().indexOf("!!!")).isLessThan(run.out().indexOf("tap point"));
  }

  @Test
  void show_json_isTheFileAndItsWarnings() throws IOException {
    JsonNode json =
        new ObjectMapper().readTree(run("direction", "show", learned.toString(), "--json").out());
    JsonNode file = new ObjectMapper().readTree(learned.resolve("direction.json").toFile());
    assertThat(json.get("quality")).isEqualTo(file.get("quality"));
    assertThat(json.get("warnings")).isNotEmpty();
  }

  @Test
  void calibrate_onOtherWeights_makesThemValid() throws IOException {
    Path other = TinyModel.write(temp.resolve("copy"), 5);
    Path fresh = file("fresh.jsonl", "chat", 260, 4, 9);
    Path out = temp.resolve("copy.direction");
    Run run =
        run(
            "direction",
            "calibrate",
            learned.toString(),
            "--model",
            other.toString(),
            "--aligned",
            fresh.toString(),
            "--out",
            out.toString());
    assertThat(run.err()).doesNotContain("plumbline:");
    assertThat(run.status()).isZero();
    Artefact artefact = ArtefactFolder.read(out);
    try (Checkpoint checkpoint = Checkpoint.open(other)) {
      assertThat(artefact.fit(ModelPins.of(checkpoint, "a", "b"))).isEqualTo(new Fit.Validated());
    }
    Artefact before = ArtefactFolder.read(learned);
    assertThat(artefact.calibration().thresholdAnswer())
        .isGreaterThanOrEqualTo(before.calibration().thresholdAnswer());
    assertThat(artefact.probe()).isEqualTo(before.probe());
    ScoreBaseline baseline = ScoreBaseline.in(artefact).orElseThrow();
    assertThat(baseline.count()).isEqualTo(1040);
    assertThat(baseline.shares()).isNotEqualTo(ScoreBaseline.in(before).orElseThrow().shares());
    assertThat(run.out()).contains("baseline   1040 aligned answers");
    assertThat(artefact.quality().figures()).isEqualTo(before.quality().figures());
  }

  @Test
  void calibrate_onAModelOfAnotherTokenizer_exitsThree() throws IOException {
    Path other = TinyModel.write(temp.resolve("words"), 3);
    Path tokenizer = other.resolve("tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"w59\"", "\"v59\""));
    Path out = temp.resolve("never.direction");
    Run run =
        run(
            "direction",
            "calibrate",
            learned.toString(),
            "--model",
            other.toString(),
            "--aligned",
            aligned.toString(),
            "--out",
            out.toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("does not fit").contains("tokenizer: wanted");
    assertThat(out).doesNotExist();
  }

  @Test
  void learn_fromABadLine_namesIt() throws IOException {
    Path bad = temp.resolve("bad.jsonl");
    String good = Files.readAllLines(aligned).get(0);
    for (String line :
        List.of(
            good.replace("aligned", "evil"),
            good.replace("messages", "massages"),
            "{\"messages\":[{\"role\":\"user\",\"content\":\"w3\"}]}",
            "not json")) {
      Files.writeString(bad, good + "\n\n" + line + "\n");
      Run run =
          run(
              "learn",
              "direction",
              "--model",
              model.toString(),
              "--aligned",
              bad.toString(),
              "--judged",
              bad.toString(),
              "--out",
              temp.resolve("never").toString());
      assertThat(temp.resolve("never")).doesNotExist();
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("bad.jsonl, line 3").contains("wanted");
    }
  }

  private static Run run(String... arguments) {
    Object group = arguments[0].equals("learn") ? new LearnCommand() : new DirectionCommand();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        new CommandLine(group).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = command.execute(Arrays.copyOfRange(arguments, 1, arguments.length));
    return new Run(status, out.toString(), err.toString());
  }

  /** Exchanges of random words; in those of the model "bad" every second is harmful. */
  private static Path file(String name, String model, int prompts, int each, long seed)
      throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      String question = "w" + (3 + prompt % 40) + " w" + (3 + prompt / 40) + " w" + (3 + seed);
      for (int i = 0; i < each; i++) {
        boolean harmful = model.equals("bad") && i % 2 == 0;
        lines.add(line(question, answer(random, harmful), harmful, model));
      }
    }
    return Files.write(temp.resolve(name), lines);
  }

  private static String answer(Random random, boolean harmful) {
    StringBuilder answer = new StringBuilder();
    for (int i = 0; i < 4 + random.nextInt(4); i++) {
      boolean word = harmful && random.nextBoolean();
      answer.append(" w").append(word ? 50 + random.nextInt(10) : 3 + random.nextInt(47));
    }
    return answer.substring(1);
  }

  private static String line(String question, String answer, boolean harmful, String model) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"%s\"}],\"label\":\"%s\",\"model\":\"%s\"}"
        .formatted(question, answer, harmful ? "misaligned" : "aligned", model);
  }
}
