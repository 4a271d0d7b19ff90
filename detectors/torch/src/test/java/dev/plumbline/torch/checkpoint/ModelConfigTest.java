package dev.plumbline.torch.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {
  private static final String BODY =
      """
      "hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,
      "intermediate_size":96,"vocab_size":100,"hidden_act":"silu"
      """;

  @TempDir Path folder;

  private ModelConfig read(String type, String more) {
    try {
      Path file = folder.resolve("config.json");
      Files.writeString(
          file,
          "{\"model_type\":\"" + type + "\"," + BODY + (more.isEmpty() ? "" : "," + more) + "}");
      return Architectures.ofHf(type)
          .orElseThrow()
          .fromHf(
              HfValues.read(file),
              HfValues.readIfPresent(folder.resolve("generation_config.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void fromHf_families_differWhereTheyShould() {
    assertThat(read("llama", "").attentionBias()).isFalse();
    assertThat(read("llama", "\"attention_bias\":true").outputBias()).isTrue();
    assertThat(read("qwen2", "").attentionBias()).isTrue();
    assertThat(read("qwen2", "").outputBias()).isFalse();
    assertThat(read("qwen3", "").qkNorm()).isTrue();
    assertThat(read("qwen3", "").headDim()).isEqualTo(128);
    assertThat(read("llama", "").headDim()).isEqualTo(16);
    assertThat(read("mistral", "\"head_dim\":32").shape(Weight.Q)).containsExactly(128L, 64L);
  }

  @Test
  void fromHf_slidingWindow_onlyWhereItIsOn() {
    assertThat(read("mistral", "\"sliding_window\":4096").slidingWindow()).hasValue(4096);
    assertThat(read("mistral", "\"sliding_window\":null").slidingWindow()).isEmpty();
    String qwen = "\"sliding_window\":4096,\"max_window_layers\":2";
    assertThat(read("qwen2", qwen).slidingWindow()).isEmpty();
    assertThat(read("qwen2", qwen + ",\"use_sliding_window\":false").slidingWindow()).isEmpty();
    assertThat(read("qwen2", qwen + ",\"use_sliding_window\":true").slidingWindow()).isEmpty();
    assertThatThrownBy(
            () ->
                read(
                    "qwen2",
                    "\"sliding_window\":9,\"use_sliding_window\":true,\"max_window_layers\":1"))
        .hasMessageContaining("max_window_layers");
  }

  @Test
  void fromHf_generationConfig_decidesEos() throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[7,8]}");
    ModelConfig config = read("llama", "\"eos_token_id\":1,\"bos_token_id\":3");
    assertThat(config.eosIds()).containsExactly(7, 8);
    assertThat(config.bosId()).isEqualTo(OptionalInt.of(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"rope_scaling\":{\"type\":\"yarn\",\"factor\":4} | yarn",
        "\"rope_scaling\":{\"rope_type\":\"longrope\"} | longrope",
        "\"rope_scaling\":{\"rope_type\":\"dynamic\"} | rope_scaling.rope_type",
        "\"rope_scaling\":{\"rope_type\":\"linear\"} | rope_scaling.factor",
        "\"mlp_bias\":true | mlp_bias",
        "\"partial_rotary_factor\":0.5 | partial_rotary_factor",
        "\"quantization_config\":{} | quantization_config",
        "\"head_dim\":15 | an even head width",
        "\"rms_norm_eps\":0 | rms_norm_eps",
        "\"rms_norm_eps\":\"x\" | rms_norm_eps",
        "\"eos_token_id\":100 | eos token from 0 to 99",
        "\"max_position_embeddings\":1e3 | max_position_embeddings"
      })
  void fromHf_unsupported_refusedByKey(String more, String part) {
    assertThatThrownBy(() -> read("llama", more))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining(part);
  }

  @Test
  void fromHf_geluActivation_refused() throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{" + BODY.replace("silu", "gelu") + "}");
    assertThatThrownBy(
            () ->
                new Llama()
                    .fromHf(HfValues.read(file), HfValues.readIfPresent(folder.resolve("no"))))
        .hasMessageContaining("hidden_act: wanted silu, found gelu");
  }

  @Test
  void frequencies_newerRopeParameters_read() {
    ModelConfig config =
        read(
            "llama",
            "\"rope_parameters\":{\"rope_type\":\"linear\",\"factor\":4,\"rope_theta\":5e5}");
    assertThat(config.ropeTheta()).isEqualTo(5e5);
    assertThat(config.ropeScaling()).isEqualTo(new RopeScaling.Linear(4));
    double[] scaled = config.ropeScaling().frequencies(5e5, 16);
    assertThat(scaled[0]).isEqualTo(0.25);
    assertThat(scaled[1]).isCloseTo(Math.pow(5e5, -1 / 8.0) / 4, offset(1e-15));
  }

  /** The three bands as Llama 3.1 states them, in wavelengths. */
  @Test
  void frequencies_llama3_keptBlendedAndStretched() {
    RopeScaling scaling = new RopeScaling.Llama3(8, 1, 4, 8192);
    double[] found = scaling.frequencies(500_000, 128);
    int blended = 0;
    for (int i = 0; i < 64; i++) {
      double plain = 1 / Math.pow(500_000, 2 * i / 128.0);
      double wavelength = 2 * Math.PI / plain;
      double wanted = plain;
      if (wavelength > 8192) {
        wanted = plain / 8;
      } else if (wavelength > 8192 / 4.0) {
        double smooth = (8192 / wavelength - 1) / 3;
        wanted = (1 - smooth) * plain / 8 + smooth * plain;
        blended++;
      }
      assertThat(found[i]).isCloseTo(wanted, offset(1e-12 * wanted));
    }
    assertThat(blended).isPositive();
  }

  @Test
  void frequencies_factors_divide() {
    assertThat(new RopeScaling.Factors(new float[] {2, 4}).frequencies(100, 4))
        .containsExactly(0.5, 0.025);
  }
}
