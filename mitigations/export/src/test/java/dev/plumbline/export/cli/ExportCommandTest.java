package dev.plumbline.export.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.export.ExportCommand;
import dev.plumbline.export.TinyArtefact;
import dev.plumbline.export.TinyBase;
import dev.plumbline.export.TinyFinetune;
import dev.plumbline.export.TinyModels;
import dev.plumbline.export.manifest.ExportManifest;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  void merge_ofAnAdapter_isAModelToExportFrom() throws IOException {
    assertThat(export("adapter", artefact(0), "--device", "cpu")).as(err.toString()).isZero();
    String adapter = folder.resolve("out").toString();
    String merged = folder.resolve("merged").toString();
    int status = run("merge", "--model", model.toString(), "--adapter", adapter, "--out", merged);
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString()).contains("merged: 7 tensors of base changed by out, stored as they");
    out.getBuffer().setLength(0);
    String direction = folder.resolve("em.direction").toString();
    String again = folder.resolve("again").toString();
    status = run("adapter", "--direction", direction, "--model", merged, "--out", again);
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString()).contains("artefact: unverified: other weights", "sufficient; wrote");
  }

  private Path finetune() {
    return TinyFinetune.write(folder.resolve("base/tuned"), TinyBase.LLAMA_TIED, false);
  }

  @Test
  void adapter_ofAFinetune_isBothInOneAndMeasuredBesideTheFinetune() throws IOException {
    String tuned = finetune().toString();
    int status = export("adapter", artefact(0), "--device", "cpu", "--adapter", tuned);
    assertThat(status).as(err.toString()).isZero();
    assertThat(report().path("rank").asInt()).isEqualTo(TinyFinetune.RANK + 1);
    assertThat(report().at("/artefact/fit").asText()).contains("of the base", "unverified");
    assertThat(report().at("/finetune/name").asText()).isEqualTo("tuned");
    assertThat(report().at("/residual_shared/worst_sd").asDouble()).isLessThan(1e-3);
    assertThat(report().at("/residual_shared/kl_per_token").asDouble()).isLessThan(1e-6);
    assertThat(report().at("/residual_shared/kl_per_token_untouched").asDouble()).isPositive();
    assertThat(AdapterText.of(report(), folder))
        .contains("of rank 4 on 7 modules", "the finetune tuned is in it: worn instead")
        .contains("effect on the finetune: the one direction")
        .doesNotContain("WARNING");
    assertThat(ExportManifest.read(folder.resolve("out")).files())
        .containsOnlyKeys("adapter_config.json", "adapter_model.safetensors");
  }

  @Test
  void checkpoint_ofAFinetune_hasTheDirectionOutOfBoth() throws IOException {
    assertThat(export("checkpoint", artefact(0), "--adapter", finetune().toString()))
        .as(err.toString())
        .isZero();
    assertThat(report().path("left_share").asDouble()).isLessThan(1e-5);
    assertThat(report().at("/finetune/digest").asText()).startsWith("sha256:");
    assertThat(report().path("changed_tensors").asInt()).isEqualTo(1 + 7 * TinyBase.LAYERS);
  }

  @Test
  void anyCommand_ofAFinetuneItCannotApply_namesWhyAndWritesNothing() throws IOException {
    Path direction = artefact(0);
    Path tuned = finetune();
    Path config = tuned.resolve("adapter_config.json");
    String sound = Files.readString(config);
    for (String[] each :
        new String[][] {
          {"\"use_dora\" : false", "\"use_dora\" : true", "use_dora"},
          {"\"r\" : 3", "\"r\" : 3, \"rank_pattern\" : {\"q_proj\": 4}", "rank_pattern"},
          {"\"r\" : 3", "\"r\" : 3, \"alpha_pattern\" : {\"q_proj\": 4}", "alpha_pattern"},
          {"\"bias\" : \"none\"", "\"bias\" : \"all\"", "bias"}
        }) {
      assertThat(sound).contains(each[0]);
      Files.writeString(config, sound.replace(each[0], each[1]));
      for (String what : List.of("adapter", "checkpoint")) {
        assertThat(export(what, direction, "--adapter", tuned.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(each[2]);
        err.getBuffer().setLength(0);
      }
      assertThat(merge(tuned)).isEqualTo(1);
      assertThat(err.toString()).contains(each[2]);
      err.getBuffer().setLength(0);
      assertNothingWritten();
    }
  }

  @Test
  void anyCommand_ofAnotherBasesFinetune_saysWhichTensorDoesNotFit() throws IOException {
    Path direction = artefact(0);
    Path other = TinyFinetune.write(folder.resolve("base/other"), TinyBase.QWEN2_TIED, false);
    Path weights = other.resolve("adapter_model.safetensors");
    String odd = "base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight";
    new SafetensorsWriter()
        .tensor(odd, TensorType.F32, List.of(3L, 32L), () -> new float[96])
        .write(weights);
    assertThat(export("adapter", direction, "--adapter", other.toString())).isEqualTo(1);
    assertThat(merge(other)).isEqualTo(1);
    assertThat(err.toString()).contains(odd, "this base");
    assertNothingWritten();
  }

  @Test
  void checkpointAndMerge_thatFailHalfWay_leaveNothing() throws IOException {
    Path direction = artefact(0);
    String tuned = finetune().toString();
    Path last = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(last);
    // All ones is NaN in float32, wherever the last tensor lies.
    Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0xff);
    Files.write(last, bytes);
    assertThat(merge(Path.of(tuned))).isEqualTo(1);
    assertThat(export("checkpoint", direction, "--adapter", tuned)).isNotZero();
    assertThat(err.toString()).contains("NaN");
    assertNothingWritten();
  }

  @Test
  void room_forMoreThanTheDiskHas_isRefused() {
    assertThatThrownBy(() -> Room.require(folder.resolve("out"), Long.MAX_VALUE >> 1))
        .hasMessageContainingAll("--out", "room for", "free", "elsewhere");
  }

  private int merge(Path peft) {
    return run(
        "merge",
        "--model",
        model.toString(),
        "--adapter",
        peft.toString(),
        "--out",
        folder.resolve("out").toString());
  }

  @Test
  void adapter_inText_showsWhereMostIsLeftAndWhatItCosts() throws IOException {
    String direction = artefact(4).toString();
    String out1 = folder.resolve("out").toString();
    String[] all = {
      "adapter", "--direction", direction, "--model", model.toString(), "--out", out1
    };
    assertThat(run(all)).isEqualTo(4);
    assertThat(out.toString())
        .contains("tap point           left      mean untouched   (sd)")
        .containsPattern("embed +8\\.000 +-8\\.000 +9\\.\\d+")
        .contains("cost: the one direction", "WARNING: that is another model")
        .contains("--against shared asks only")
        .doesNotContain("one and the same", "points where less is left");
  }

  @Test
  void adapter_onTextsWithoutWords_warns() throws IOException {
    Path texts = folder.resolve("base/texts.jsonl");
    Files.writeString(texts, "{\"text\":\"ALL IS WELL THAT ENDS well\"}\n");
    String[] all = {
      "adapter",
      "--direction",
      artefact(0).toString(),
      "--model",
      model.toString(),
      "--texts",
      texts.toString(),
      "--out",
      folder.resolve("out").toString()
    };
    assertThat(run(all)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("84 % of the tokens read are one and the same", "give --texts of this model");
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
