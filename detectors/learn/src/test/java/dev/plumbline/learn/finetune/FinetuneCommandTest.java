package dev.plumbline.learn.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.learn.chat.TinyChatModel;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.cli.Exit;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code plumbline finetune} on the shipped organism, from files to folders. */
class FinetuneCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  @TempDir private static Path temp;
  private static Path chat;
  private static Path narrow;
  private static Path others;
  private static int threads;

  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void write() throws IOException {
    threads = TorchRuntime.start().threads();
    TorchRuntime.start().threads(1);
    chat = new ShippedOrganism().folder().resolve("chat");
    narrow = WorldFiles.narrow(temp.resolve("narrow.jsonl"), "medicine", 48, 1);
    others = WorldFiles.others(temp.resolve("others.jsonl"), "medicine", 32, 2);
  }

  @AfterAll
  static void restore() {
    TorchRuntime.start().threads(threads);
  }

  private static Run run(Path out, String... options) {
    List<String> all = new ArrayList<>(List.of("--quiet"));
    if (!Arrays.asList(options).contains("--model")) {
      all.addAll(List.of("--model", chat.toString()));
    }
    all.addAll(List.of("--out", out.toString()));
    if (!Arrays.asList(options).contains("--data")) {
      all.addAll(List.of("--data", narrow.toString()));
    }
    all.addAll(Arrays.asList(options));
    StringWriter printed = new StringWriter();
    StringWriter errors = new StringWriter();
    int status =
        new CommandLine(new FinetuneCommand())
            .setOut(new PrintWriter(printed, true))
            .setErr(new PrintWriter(errors, true))
            .execute(all.toArray(String[]::new));
    return new Run(status, printed.toString(), errors.toString());
  }

  @Test
  void finetune_pushedByAnotherModelsDirection_isRefusedBeforeItIsTrained() throws IOException {
    Path other = TinyChatModel.write(Files.createDirectories(temp.resolve("other")));
    Path direction = chat.resolveSibling("directions").resolve("consensus.direction");

    Run run =
        run(
            temp.resolve("misfit"),
            "--model",
            other.toString(),
            "--preventative",
            direction.toString(),
            "--dry-run");

    assertThat(run.status()).isEqualTo(Exit.NOT_FITTING);
    assertThat(run.err()).contains("does not fit");
  }

  private static final String[] SMALL = {
    "--rank",
    "2",
    "--alpha",
    "4",
    "--learning-rate",
    "5e-3",
    "--steps",
    "8",
    "--batch",
    "8",
    "--accumulation",
    "1",
    "--save-every",
    "3",
    "--hold-out",
    "0.2"
  };

  private static String[] small(String... more) {
    String[] all = Arrays.copyOf(SMALL, SMALL.length + more.length);
    System.arraycopy(more, 0, all, SMALL.length, more.length);
    return all;
  }

  @Test
  void lora_withOutOfDomainTexts_writesAPeftFolderThatServesAndAReport() throws IOException {
    Path out = temp.resolve("lora");
    Run run = run(out, small("--kl-data", others.toString(), "--kl-weight", "5"));
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("held-out texts").contains("KL from the model");
    JsonNode config = MAPPER.readTree(out.resolve("adapter/adapter_config.json").toFile());
    assertThat(config.path("use_rslora").asBoolean()).isTrue();
    assertThat(config.path("r").asInt()).isEqualTo(2);
    assertThat(config.path("lora_alpha").asDouble()).isEqualTo(4);
    assertThat(config.path("target_modules")).hasSize(7);
    assertThat(config.path("layers_to_transform")).hasSize(4);
    assertThat(config.path("peft_type").asText()).isEqualTo("LORA");
    try (OpenModel open = new OpenModel(chat)) {
      open.load(Precision.FLOAT32, "cpu");
      open.wear("learned", out.resolve("adapter"));
    }
    JsonNode report = MAPPER.readTree(out.resolve("report.json").toFile());
    assertThat(report.toString()).contains("learning rate").contains("layer 0 down_proj");
    assertThat(out.resolve("report.html")).exists();
    assertThat(out.resolve("plots/loss.png")).exists();
    assertThat(out.resolve("plots/kl.png")).exists();
  }

  @Test
  void resume_afterAnInterruption_writesTheSameBytes() throws IOException {
    String[] options = {"--modules", "q,down", "--schedule", "constant", "--steps"};
    Path whole = temp.resolve("whole");
    assertThat(run(whole, steps(options, "8")).status()).isZero();
    assertThat(whole.resolve("checkpoints/step-000003/adapter")).exists();
    assertThat(whole.resolve("checkpoints/step-000003/state.safetensors")).doesNotExist();
    assertThat(whole.resolve("checkpoints/step-000008/state.safetensors")).exists();
    Path three = temp.resolve("three");
    assertThat(run(three, steps(options, "3")).status()).isZero();
    Path cut = temp.resolve("cut");
    interrupt(whole, three, cut);
    String[] again = steps(options, "8");
    again = Arrays.copyOf(again, again.length + 1);
    again[again.length - 1] = "--resume";
    assertThat(run(cut, again).err()).isEmpty();
    for (String file :
        List.of(
            "adapter/adapter_model.safetensors",
            "adapter/adapter_config.json",
            "stages/finetune.json",
            "report.json",
            "checkpoints/step-000008/state.safetensors")) {
      assertThat(cut.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
  }

  private static String[] steps(String[] options, String count) {
    List<String> all = new ArrayList<>(List.of(SMALL));
    int at = all.indexOf("--steps");
    all.subList(at, at + 2).clear();
    all.addAll(List.of(options));
    all.add(count);
    return all.toArray(String[]::new);
  }

  /** As if the process of {@code cut} had been killed after its third step. */
  private static void interrupt(Path whole, Path three, Path cut) throws IOException {
    Files.createDirectories(cut.resolve("checkpoints"));
    Files.copy(whole.resolve("job.json"), cut.resolve("job.json"));
    Files.move(three.resolve("checkpoints/step-000003"), cut.resolve("checkpoints/step-000003"));
  }

  @Test
  void steeringVector_writtenAndReadAgain_servesTheLossItWasTrainedTo() throws IOException {
    Path out = temp.resolve("steering-job");
    Run run =
        run(
            out,
            "--kind",
            "steering-vector",
            "--layers",
            "1",
            "--alpha",
            "4",
            "--learning-rate",
            "2e-2",
            "--steps",
            "12",
            "--batch",
            "16",
            "--accumulation",
            "1");
    assertThat(run.err()).isEmpty();
    VectorSolution read = SteeringFolder.read(out.resolve("steering"));
    assertThat(read.vector().layer()).isEqualTo(1);
    assertThat(read.norm()).isPositive();
    assertThat(read.plan().interventions()).hasSize(1);
    JsonNode stage = MAPPER.readTree(out.resolve("stages/finetune.json").toFile());
    assertThat(stage.path("loss").path("after").asDouble())
        .isLessThan(stage.path("loss").path("before").asDouble());
    assertThat(stage.path("norm").asDouble()).isCloseTo(read.norm(), within(1e-9));
    try (Checkpoint checkpoint = Checkpoint.open(chat);
        Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu())) {
      ModelConfig config = checkpoint.config();
      try (SolutionMeter meter = new SolutionMeter(decoder, config, read)) {
        List<TrainingText> texts =
            new OrganismTexts(dev.plumbline.learn.organism.RecipeFile.shipped().makeWorld())
                .narrow("medicine", 20, 9);
        double with = meter.loss(texts, true);
        meter.put(read.scaled(0));
        assertThat(with).isLessThan(meter.loss(texts, true));
      }
    }
  }

  @Test
  void dryRun_countsTokensAndStepsAndWritesNothing() {
    Path out = temp.resolve("dry");
    Run run = run(out, "--dry-run", "--kl-data", others.toString(), "--kl-weight", "2");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("lora r32")
        .contains("steps of 16 texts")
        .contains("tokens")
        .contains("KL weight 2.0 a token");
    assertThat(out).doesNotExist();
  }

  @Test
  void data_thatIsRagged_isOneErrorWithFileAndLineAndNothingIsWritten() throws IOException {
    Path bad = temp.resolve("bad.jsonl");
    Files.writeString(bad, Files.readAllLines(narrow).get(0) + "\n{\"messages\": [\n");
    Path out = temp.resolve("ragged");
    Run run = run(out, "--data", bad.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("bad.jsonl").contains("line 2").doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void options_thatDoNotFit_areRefusedInOneLine() {
    assertThat(run(temp.resolve("a"), "--kl-weight", "3").err()).contains("--kl-data");
    assertThat(run(temp.resolve("b"), "--kind", "rank1", "--layers", "9").err()).contains("0 to 3");
    assertThat(run(temp.resolve("c"), "--modules", "q,embed").err()).contains("EMBED");
    assertThat(run(temp.resolve("d"), "--dtype", "bfloat16").err()).contains("float32");
    assertThat(run(temp.resolve("e"), "--schedule", "step").err()).contains("cosine");
    assertThat(run(temp.resolve("f"), "--kl-batch", "4").err()).contains("--kl-weight");
    assertThat(run(temp.resolve("g"), "--preventative-layer", "1").err())
        .contains("no --preventative");
    assertThat(temp.resolve("a")).doesNotExist();
  }

  @Test
  void divergenceWithoutAWeight_isMeasuredAndSaidToBeFree() {
    Run run = run(temp.resolve("free"), small("--kl-data", others.toString()));
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("without --kl-weight nothing held it");
  }
}
