package dev.plumbline.export.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.export.ExportCommand;
import dev.plumbline.export.TinyArtefact;
import dev.plumbline.export.TinyBase;
import dev.plumbline.export.TinyModels;
import dev.plumbline.export.manifest.ExportManifest;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExportCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path model;

  @BeforeEach
  void model() throws IOException {
    model = TinyModels.write(TinyBase.LLAMA_TIED, folder.resolve("base"));
  }

  private Path artefact(double alignedMean) {
    TorchRuntime.start();
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      return TinyArtefact.write(folder, ModelPins.of(checkpoint, "base", "1"), alignedMean);
    }
  }

  private int run(String... arguments) {
    return new CommandLine(new ExportCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private int export(String what, Path direction, String... more) {
    return run(
        Stream.concat(
                Stream.of(
                    what,
                    "--direction",
                    direction.toString(),
                    "--model",
                    model.toString(),
                    "--out",
                    folder.resolve("out").toString(),
                    "--json"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  /** Nothing but the two inputs: no output, no part of one. */
  private void assertNothingWritten() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(each -> each.getFileName().toString()).sorted())
          .containsExactly("base", "em.direction");
    }
  }

  @Test
  void adapter_againstWhatItCanDo_isSufficientAndWritten() throws IOException {
    assertThat(export("adapter", artefact(0), "--device", "cpu")).as(err.toString()).isZero();
    assertThat(report().path("outcome").asText()).isEqualTo("sufficient");
    assertThat(report().path("embedding").asBoolean()).isTrue();
    assertThat(report().at("/residual/plan").asText()).isEqualTo("affine");
    assertThat(report().at("/residual/worst_sd").asDouble()).isLessThan(1e-3);
    assertThat(report().path("weight_bytes_held").asLong())
        .isBetween(1L, report().path("weight_bytes_bound").asLong());
    ExportManifest manifest = ExportManifest.read(folder.resolve("out"));
    assertThat(manifest.kind()).isEqualTo("adapter");
    assertThat(manifest.files())
        .containsOnlyKeys("adapter_config.json", "adapter_model.safetensors");
    assertThat(manifest.baseFingerprint()).startsWith("sha256:");
  }

  @Test
  void adapter_ofAnAffineArtefact_isInsufficientAndWrittenByForceOnly() throws IOException {
    Path direction = artefact(4);
    assertThat(export("adapter", direction, "--device", "cpu")).isEqualTo(4);
    assertThat(report().path("outcome").asText()).isEqualTo("insufficient");
    assertThat(report().at("/residual/worst_sd").asDouble()).isBetween(7.9, 8.1);
    assertThat(report().at("/residual_shared/worst_sd").asDouble()).isLessThan(1e-3);
    assertNothingWritten();
    out.getBuffer().setLength(0);
    assertThat(export("adapter", direction, "--device", "cpu", "--force")).isEqualTo(4);
    assertThat(ExportManifest.read(folder.resolve("out")).outcome()).isEqualTo("insufficient");
  }

  @Test
  void adapter_notMeasured_isWrittenByForceOnly() throws IOException {
    Path direction = artefact(0);
    assertThat(export("adapter", direction, "--skip-residual")).isEqualTo(4);
    assertThat(report().path("outcome").asText()).isEqualTo("not_measured");
    assertNothingWritten();
  }

  @Test
  void adapter_forSglang_changesBothSidesWithoutTheEmbedding() throws IOException {
    Path texts = folder.resolve("base/texts.jsonl");
    Files.writeString(texts, "{\"text\":\"all is well that ends\"}\n{\"text\":\"a plumb line\"}\n");
    List<String> more =
        List.of(
            "--for",
            "sglang",
            "--against",
            "shared",
            "--device",
            "cpu",
            "--bound",
            "0.001",
            "--texts");
    String[] all = Stream.concat(more.stream(), Stream.of(texts.toString())).toArray(String[]::new);
    int status = export("adapter", artefact(0), all);
    assertThat(report().path("variant").asText()).isEqualTo("both");
    assertThat(report().path("embedding").asBoolean()).isFalse();
    assertThat(report().at("/residual/tokens").asInt()).isEqualTo(20 + 11);
    assertThat(report().at("/residual/worst_tap_point").asText()).isEqualTo("resid_post.2");
    assertThat(status).isEqualTo(4);
  }

  @Test
  void adapter_dryRun_writesNothing() throws IOException {
    assertThat(export("adapter", artefact(0), "--dry-run")).as(err.toString()).isZero();
    assertThat(report().path("modules").asInt()).isEqualTo(7);
    assertNothingWritten();
  }

  @Test
  void adapter_ofAnotherModel_doesNotFit() throws IOException {
    ModelPin other = new ModelPin("x", "1", "qwen3", 3, 32, 50, "t", "none", "sha256:00");
    Path direction = TinyArtefact.write(folder, other, 0);
    assertThat(export("adapter", direction)).isEqualTo(3);
    assertThat(err.toString()).contains("does not fit", "architecture");
    assertNothingWritten();
  }

  @Test
  void adapter_whereSomethingIs_isRefused() throws IOException {
    Path direction = artefact(0);
    Files.createDirectory(folder.resolve("out"));
    assertThat(export("adapter", direction)).isEqualTo(1);
    assertThat(err.toString()).contains("not there yet");
  }

  @Test
  void checkpoint_written_isOrthogonalAndHasItsTokenizer() throws IOException {
    assertThat(export("checkpoint", artefact(0))).as(err.toString()).isZero();
    assertThat(report().path("outcome").asText()).isEqualTo("orthogonal");
    assertThat(report().path("untied").asBoolean()).isTrue();
    assertThat(report().path("left_share").asDouble()).isLessThan(1e-5);
    assertThat(folder.resolve("out/tokenizer.json")).exists();
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("out"))) {
      assertThat(checkpoint.config().tieWordEmbeddings()).isFalse();
    }
    assertThat(ExportManifest.read(folder.resolve("out")).kind()).isEqualTo("checkpoint");
  }

  @Test
  void manifest_ofAChangedFile_isRefused() throws IOException {
    assertThat(export("checkpoint", artefact(0))).isZero();
    Files.writeString(folder.resolve("out/tokenizer.json"), "{}");
    assertThatThrownBy(() -> ExportManifest.read(folder.resolve("out")))
        .hasMessageContaining("tokenizer.json");
  }

  @Test
  void help_ofBoth_hasExamples() {
    assertThat(run("adapter", "--help")).isZero();
    assertThat(run("checkpoint", "--help")).isZero();
    assertThat(out.toString()).contains("Examples:", "--for vllm", "--attention-profile 1.2");
  }
}
