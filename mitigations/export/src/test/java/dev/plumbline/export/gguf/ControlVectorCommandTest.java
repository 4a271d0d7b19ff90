package dev.plumbline.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Provenance;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.artefact.Sign;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.ExportCommand;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command on SmolLM2, whose tokenizer the pin of a model needs. */
class ControlVectorCommandTest {
  @TempDir static Path folder;
  private static Path model;
  private static ModelPin pin;

  @BeforeAll
  static void pin() {
    model = SmolGguf.path();
    TorchRuntime.start();
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      pin = ModelPins.of(checkpoint, "smollm2", "test");
    }
  }

  private static Path direction(String name, ModelPin of) {
    TapPoint point = TapPoint.residPost(15);
    TapDirection tap = new TapDirection(point, RandomDirection.unit(of.hidden(), 1), 0.5, 1.5);
    Readout readout = new Readout("probe", Map.of(point, new float[of.hidden()]), 0);
    Artefact artefact =
        new Artefact(
            Artefact.FORMAT_VERSION,
            name,
            Instant.EPOCH,
            of,
            Set.of(),
            List.of(tap),
            new Probe(
                readout, new RunningMean(), new OffsetScale(new double[] {0}, new double[] {1})),
            new Calibration(new Sigmoid(1, 0), 0.5, 0.6, 0.01, 1000, new Checkpoints(3, 8)),
            TokenMask.ANSWER_CONTENT,
            Sign.POSITIVE_IS_MISALIGNED,
            new Provenance("random", 1, "float32", "prompt", Map.of(), Map.of()),
            new Quality(Map.of(), Map.of()),
            Optional.empty());
    Path path = folder.resolve(name + ".direction");
    ArtefactFolder.write(artefact, path);
    return path;
  }

  private record Said(int status, String out, String err) {}

  private static Said run(Path direction, Path out, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("control-vector", direction.toString(), "--model", model.toString()));
    words.addAll(List.of("--coefficient", "-2", "--out", out.toString()));
    words.addAll(List.of(more));
    return execute(words.toArray(String[]::new));
  }

  private static Said execute(String... words) {
    CommandLine line = new CommandLine(new ExportCommand());
    StringWriter told = new StringWriter();
    StringWriter complained = new StringWriter();
    line.setOut(new PrintWriter(told));
    line.setErr(new PrintWriter(complained));
    int status = line.execute(words);
    return new Said(status, told.toString(), complained.toString());
  }

  @Test
  void run_forLlamaCpp_writesTheCoefficientInResidualUnits() {
    Path out = folder.resolve("llama.gguf");
    Said said = run(direction("fits", pin), out);
    assertThat(said.status()).as(said.err()).isZero();
    assertThat(said.out()).contains("direction.15").contains("-3.000 residual units");
    ControlVectorFile read = ControlVectorFile.open(out);
    assertThat(read.modelHint()).contains("llama");
    assertThat(read.numbers()).containsExactly(15);
    assertThat(read.dialect()).isEqualTo(ControlVectorDialect.LLAMA_CPP);
  }

  @Test
  void run_json_saysWhatToLoadItWith() throws Exception {
    Path out = folder.resolve("json.gguf");
    Path direction = direction("json", pin);
    Said said = run(direction, out, "--json", "--for", "easysteer", "--convention", "output-of-n");
    JsonNode json = new ObjectMapper().readTree(said.out());
    assertThat(json.path("row").asInt()).isEqualTo(15);
    assertThat(json.path("tap_point").asText()).isEqualTo("resid_post.15");
    assertThat(json.path("scale").asDouble()).isEqualTo(-3);
    assertThat(json.path("residual_units").asDouble()).isEqualTo(-3);
  }

  @Test
  void run_forEasySteer_needsTheConvention() {
    Path out = folder.resolve("easy.gguf");
    Path direction = direction("easy", pin);
    assertThat(run(direction, out, "--for", "easysteer").status()).isEqualTo(2);
    assertThat(run(direction, out, "--convention", "output-of-n").status()).isEqualTo(2);
    assertThat(out).doesNotExist();
    Said said = run(direction, out, "--for", "easysteer", "--convention", "after-n-blocks");
    assertThat(said.status()).as(said.err()).isZero();
    assertThat(said.out()).contains("direction.16").contains("scale -3");
    assertThat(ControlVectorFile.open(out).unitRows()).isTrue();
  }

  @Test
  void run_otherWeightsOrModel_isNotFitting() {
    Path out = folder.resolve("none.gguf");
    ModelPin weights = with(pin.layers(), "sha256:00");
    Path unverified = direction("unverified", weights);
    Said said = run(unverified, out);
    assertThat(said.status()).isEqualTo(3);
    assertThat(said.err()).contains("calibrate");
    assertThat(run(direction("other", with(31, "sha256:00")), out, "--force").status())
        .isEqualTo(3);
    assertThat(out).doesNotExist();
    assertThat(run(unverified, out, "--force").status()).isZero();
  }

  private static ModelPin with(int layers, String fingerprint) {
    return new ModelPin(
        pin.id(),
        pin.revision(),
        pin.architecture(),
        layers,
        pin.hidden(),
        pin.vocabulary(),
        pin.tokenizerHash(),
        pin.templateHash(),
        fingerprint);
  }

  @Test
  void run_tapPointThatIsNotThere_isRefused() {
    Said said = run(direction("tap", pin), folder.resolve("x.gguf"), "--at", "resid_post.3");
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err()).contains("resid_post.15");
  }

  @Test
  void show_ownFileBesideItsDirection_findsItUnderTheConventionItWasWrittenIn() {
    Path direction = direction("shown", pin);
    Path out = folder.resolve("shown.gguf");
    run(direction, out, "--for", "easysteer", "--convention", "after-n-blocks");
    Said said = execute("show-control-vector", out.toString(), "--direction", direction.toString());
    assertThat(said.status()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("easysteer")
        .contains("output-of-n: nothing to compare")
        .contains("after-n-blocks: mean |cosine| 1.0000 over 1 rows");
  }

  @Test
  void show_fileThatIsNone_isOneLine() {
    Said said = execute("show-control-vector", model.toString());
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err().lines()).hasSize(1);
  }

  @Test
  void convertAdapter_folderThatIsNone_isOneLine() {
    Path out = folder.resolve("none.gguf");
    Said said =
        execute(
            "convert-adapter",
            folder.resolve("nothing").toString(),
            "--model",
            model.toString(),
            "--out",
            out.toString());
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err().lines()).hasSize(1);
    assertThat(out).doesNotExist();
  }
}
