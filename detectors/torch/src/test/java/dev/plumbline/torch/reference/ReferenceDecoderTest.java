package dev.plumbline.torch.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceDecoderTest {

  /** A few hundred roundings of 1.1e-16, in another order than the fixture's. */
  private static final double FLOAT64 = 1e-12;

  static List<String> models() {
    return Golden.MODELS;
  }

  static List<String> adapters() {
    return Golden.ADAPTERS;
  }

  @ParameterizedTest
  @MethodSource("models")
  void forward_everyTapPoint_equalsHuggingFace(String name) throws IOException {
    ReferenceTensors wanted = Golden.expected(Golden.folder(name));
    ReferenceTrace found = decoder(name).forward(wanted.integers("input_ids"));

    assertNear(found.embed(), wanted, "embed");
    for (int layer = 0; layer < found.layers(); layer++) {
      assertNear(found.residMid(layer), wanted, "resid_mid." + layer);
      assertNear(found.residPost(layer), wanted, "resid_post." + layer);
    }
    assertNear(found.finalNorm(), wanted, "final_norm");
    assertNear(found.logits(), wanted, "logits");
  }

  @ParameterizedTest
  @MethodSource("models")
  void forward_ablatedAfterEveryWriter_equalsHuggingFace(String name) throws IOException {
    ReferenceTensors wanted = Golden.expected(Golden.folder(name));
    ReferenceEdit ablation = ReferenceEdit.ablate(wanted.vector("direction"));
    ReferenceTrace found = decoder(name).forward(wanted.integers("input_ids"), ablation);

    assertNear(found.logits(), wanted, "ablated_logits");
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void forward_withLora_equalsPeft(String name) throws IOException {
    Path base = Golden.folder("llama_tied");
    Map<String, ReferenceLora> lora = ReferenceFolder.adapter(Golden.adapter(name));
    ReferenceTensors wanted = Golden.expected(Golden.adapter(name));
    ReferenceTrace found =
        new ReferenceDecoder(
                ReferenceFolder.config(base), ReferenceFolder.weights(base)::vector, lora)
            .forward(wanted.integers("input_ids"));

    assertNear(found.logits(), wanted, "logits");
  }

  /** If a feature did nothing, its fixture could not judge it. */
  @ParameterizedTest
  @CsvSource({
    "llama3_scaled,  rope_scaling,       null",
    "llama3_scaled,  rms_norm_eps,       0.00001",
    "llama_linear,   rope_scaling,       null",
    "llama_tied,     rope_theta,         10000",
    "mistral_window, sliding_window,     null",
    "mistral_window, sliding_window,     5",
    "qwen2,          use_sliding_window, true",
    "qwen2_window,   max_window_layers,  0",
    "qwen2_window,   use_sliding_window, false"
  })
  void forward_otherConfiguration_movesTheLogits(String name, String key, String value)
      throws IOException {
    Path folder = Golden.folder(name);
    ObjectNode json = ReferenceFolder.json(folder);
    json.set(key, new ObjectMapper().readTree(value));

    assertThat(
            moved(
                name,
                new ReferenceDecoder(
                    ReferenceFolder.config(json), ReferenceFolder.weights(folder)::vector)))
        .isGreaterThan(1e-2);
  }

  static Stream<Arguments> parts() {
    UnaryOperator<double[]> zeros = w -> new double[w.length];
    UnaryOperator<double[]> ones = w -> Arrays.stream(w).map(x -> 1).toArray();
    return Stream.of(
        Arguments.of("qwen2", "q_proj.bias", zeros),
        Arguments.of("qwen2", "v_proj.bias", zeros),
        Arguments.of("llama_bias_f16", "o_proj.bias", zeros),
        Arguments.of("llama_bias_f16", "down_proj.bias", zeros),
        Arguments.of("qwen3", "q_norm.weight", ones),
        Arguments.of("qwen3", "k_norm.weight", ones),
        Arguments.of("llama_linear", "input_layernorm.weight", ones));
  }

  @ParameterizedTest
  @MethodSource("parts")
  void forward_neutralWeights_moveTheLogits(
      String name, String suffix, UnaryOperator<double[]> neutral) throws IOException {
    Path folder = Golden.folder(name);
    ReferenceTensors weights = ReferenceFolder.weights(folder);
    ReferenceDecoder without =
        new ReferenceDecoder(
            ReferenceFolder.config(folder),
            key -> key.endsWith(suffix) ? neutral.apply(weights.vector(key)) : weights.vector(key));

    assertThat(moved(name, without)).isGreaterThan(1e-2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3_scaled", "mistral_window"})
  void config_asTransformers5WritesIt_isTheSame(String name) throws IOException {
    Path folder = Golden.folder(name);

    assertThat(ReferenceFolder.config(ReferenceFolder.json(folder, "config.v5.json")))
        .isEqualTo(ReferenceFolder.config(folder));
  }

  @Test
  void forward_fewerLayers_keepsTheFirstTapPoints() throws IOException {
    Path folder = Golden.folder("qwen3");
    ReferenceTensors wanted = Golden.expected(folder);
    ReferenceTrace found =
        new ReferenceDecoder(
                ReferenceFolder.config(folder).withLayers(1),
                ReferenceFolder.weights(folder)::vector)
            .forward(wanted.integers("input_ids"));

    assertThat(found.layers()).isEqualTo(1);
    assertNear(found.residPost(0), wanted, "resid_post.0");
  }

  @Test
  void forward_edit_seesEveryWriterInOrder() throws IOException {
    StringBuilder seen = new StringBuilder();
    decoder("qwen2")
        .forward(
            new int[] {3, 4},
            (index, position, h) -> seen.append(index).append(position).append(' '));

    assertThat(seen).hasToString("00 01 10 11 20 21 30 31 40 41 ");
  }

  @Test
  void forward_missingTensor_namesIt() throws IOException {
    ReferenceConfig config = ReferenceFolder.config(Golden.folder("qwen3"));

    assertThatThrownBy(() -> new ReferenceDecoder(config, name -> null).forward(new int[] {1}))
        .hasMessageContaining("model.embed_tokens.weight");
  }

  private static ReferenceDecoder decoder(String name) throws IOException {
    Path folder = Golden.folder(name);
    return new ReferenceDecoder(
        ReferenceFolder.config(folder), ReferenceFolder.weights(folder)::vector);
  }

  private static double moved(String name, ReferenceDecoder other) throws IOException {
    ReferenceTensors wanted = Golden.expected(Golden.folder(name));
    return Golden.distance(
        other.forward(wanted.integers("input_ids")).logits(), wanted.matrix("logits"));
  }

  private static void assertNear(double[][] found, ReferenceTensors wanted, String name) {
    assertThat(Golden.distance(found, wanted.matrix(name))).as(name).isLessThan(FLOAT64);
  }
}
