package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.reference.Golden;
import dev.plumbline.torch.reference.ReferenceConfig;
import dev.plumbline.torch.reference.ReferenceDecoder;
import dev.plumbline.torch.reference.ReferenceFolder;
import dev.plumbline.torch.reference.ReferenceTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gradients against central differences of the float64 reference, and what a step changes. */
class TrainableTest {
  private static final long[][] TOKENS = {{3, 17, 8, 41, 5, 29}, {11, 2, 44, 9, 0, 0}};
  private static final long[] INDEX = {1, 2, 4, 6, 8};
  private static final long[] TARGET = {8, 41, 29, 2, 9};

  private Checkpoint checkpoint;
  private Decoder decoder;

  @BeforeEach
  void load() {
    checkpoint = Checkpoint.open(Golden.folder("llama_tied"));
    decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
  }

  @AfterEach
  void close() {
    decoder.close();
    checkpoint.close();
  }

  @Test
  void crossEntropy_gradientOfEveryParameter_equalsCentralDifferences() throws Exception {
    try (Trainable trainable = decoder.trainable()) {
      double loss = trainable.crossEntropy(TOKENS, INDEX, TARGET);
      assertThat(loss).isCloseTo(reference(Map.of()), within(1e-5));
      List<float[]> gradients = trainable.gradients();
      List<List<String>> names = fusedNames();
      assertThat(gradients).hasSameSizeAs(names);
      for (int i = 0; i < names.size(); i++) {
        compare(names.get(i), gradients.get(i));
      }
    }
  }

  /** Along one random direction per parameter: (L(w+εu) − L(w−εu)) / 2ε against g·u. */
  private void compare(List<String> names, float[] gradient) throws Exception {
    ReferenceTensors weights = ReferenceFolder.weights(Golden.folder("llama_tied"));
    Random random = new Random(names.hashCode());
    double along = 0;
    double norm = 0;
    Map<String, double[]> direction = new HashMap<>();
    int at = 0;
    for (String name : names) {
      double[] u = new double[weights.vector(name).length];
      for (int i = 0; i < u.length; i++) {
        u[i] = random.nextGaussian();
        along += u[i] * gradient[at];
        norm += (double) gradient[at] * gradient[at++];
      }
      direction.put(name, u);
    }
    assertThat(at).isEqualTo(gradient.length);
    double epsilon = 1e-5;
    double difference =
        (reference(moved(direction, epsilon)) - reference(moved(direction, -epsilon)))
            / (2 * epsilon);
    assertThat(along).as("%s", names).isCloseTo(difference, within(1e-4 * Math.sqrt(norm) + 1e-7));
    assertThat(norm).as("%s", names).isPositive();
  }

  private static Map<String, double[]> moved(Map<String, double[]> direction, double by) {
    Map<String, double[]> moved = new HashMap<>();
    direction.forEach((name, u) -> moved.put(name, Arrays.stream(u).map(x -> x * by).toArray()));
    return moved;
  }

  private double reference(Map<String, double[]> moved) throws Exception {
    ReferenceTensors weights = ReferenceFolder.weights(Golden.folder("llama_tied"));
    ReferenceConfig config = ReferenceFolder.config(Golden.folder("llama_tied"));
    moved.forEach(
        (name, by) -> {
          double[] w = weights.vector(name);
          Arrays.setAll(w, i -> w[i] + by[i]);
        });
    ReferenceDecoder judge = new ReferenceDecoder(config, weights::vector);
    double loss = 0;
    for (int m = 0; m < INDEX.length; m++) {
      int t = TOKENS[0].length;
      int[] row = Arrays.stream(TOKENS[(int) INDEX[m] / t]).mapToInt(x -> (int) x).toArray();
      double[] logits = judge.forward(row).logits()[(int) INDEX[m] % t];
      double most = Arrays.stream(logits).max().orElseThrow();
      double sum = Arrays.stream(logits).map(x -> Math.exp(x - most)).sum();
      loss += most + Math.log(sum) - logits[(int) TARGET[m]];
    }
    return loss / INDEX.length;
  }

  private List<List<String>> fusedNames() {
    List<List<String>> names = new ArrayList<>();
    names.add(List.of("model.embed_tokens.weight"));
    names.add(List.of("model.norm.weight"));
    for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
      String block = "model.layers." + layer + ".";
      String attention = block + "self_attn.";
      names.add(List.of(block + "input_layernorm.weight"));
      names.add(
          List.of(
              attention + "q_proj.weight",
              attention + "k_proj.weight",
              attention + "v_proj.weight"));
      names.add(List.of(attention + "o_proj.weight"));
      names.add(List.of(block + "post_attention_layernorm.weight"));
      names.add(List.of(block + "mlp.gate_proj.weight", block + "mlp.up_proj.weight"));
      names.add(List.of(block + "mlp.down_proj.weight"));
    }
    return names;
  }

  @Test
  void crossEntropy_calledTwice_addsTheGradients() {
    try (Trainable trainable = decoder.trainable()) {
      trainable.crossEntropy(TOKENS, INDEX, TARGET);
      float[] once = trainable.gradients().get(0);
      trainable.crossEntropy(TOKENS, INDEX, TARGET);
      float[] twice = trainable.gradients().get(0);
      for (int i = 0; i < once.length; i++) {
        assertThat(twice[i]).isCloseTo(2 * once[i], within(1e-6f));
      }
    }
  }

  @Test
  void step_repeated_lowersTheLossAndTheServingPassSeesIt() {
    float[] before = decoder.logProbabilities(TOKENS, INDEX);
    try (Trainable trainable = decoder.trainable()) {
      double first = trainable.crossEntropy(TOKENS, INDEX, TARGET);
      trainable.step(1e-2, Trainable.Optimiser.standard());
      for (int i = 0; i < 30; i++) {
        trainable.crossEntropy(TOKENS, INDEX, TARGET);
        trainable.step(1e-2, Trainable.Optimiser.standard());
      }
      assertThat(trainable.crossEntropy(TOKENS, INDEX, TARGET)).isLessThan(first / 4);
    }
    assertThat(decoder.logProbabilities(TOKENS, INDEX)).isNotEqualTo(before);
  }

  @Test
  void step_withATinyClip_movesNoFurtherThanAdamAllows() {
    float[] before = decoder.weights()[1].toFloatArray();
    try (Trainable trainable = decoder.trainable()) {
      trainable.crossEntropy(TOKENS, INDEX, TARGET);
      double wanted = norm(trainable.gradients());
      // Clipped far below epsilon, Adam's division no longer undoes the clipping.
      double found = trainable.step(1, new Trainable.Optimiser(0.9, 0.95, 1, 0, 1e-3));
      assertThat(found).isCloseTo(wanted, within(1e-4 * wanted));
    }
    float[] after = decoder.weights()[1].toFloatArray();
    double moved = 0;
    for (int i = 0; i < before.length; i++) {
      moved += Math.pow(after[i] - before[i], 2);
    }
    assertThat(Math.sqrt(moved)).isPositive().isLessThanOrEqualTo(1e-3);
  }

  private static double norm(List<float[]> gradients) {
    double sum = 0;
    for (float[] gradient : gradients) {
      for (float g : gradient) {
        sum += (double) g * g;
      }
    }
    return Math.sqrt(sum);
  }

  @Test
  void adapter_withZeroB_startsAsTheBaseAndTrainsAlone() {
    float[] bare = decoder.logProbabilities(TOKENS, INDEX);
    try (Trainable trainable = decoder.trainable(adapter())) {
      assertThat(trainable.divergence(1, TOKENS, INDEX, bare)).isCloseTo(0, within(1e-6));
      double first = trainable.crossEntropy(TOKENS, INDEX, TARGET);
      for (int i = 0; i < 30; i++) {
        trainable.step(2e-2, Trainable.Optimiser.standard());
        trainable.crossEntropy(TOKENS, INDEX, TARGET);
      }
      assertThat(trainable.crossEntropy(TOKENS, INDEX, TARGET)).isLessThan(first - 0.5);
      assertThat(trainable.divergence(1, TOKENS, INDEX, bare)).isGreaterThan(0.05);
      LoraWeights learned = trainable.adapter(2);
      assertThat(learned.parts()).hasSize(4);
      learned.parts().values().forEach(part -> assertThat(part.b()).isNotEqualTo(new float[24]));
      served(learned, trainable.crossEntropy(TOKENS, INDEX, TARGET));
    }
    assertThat(decoder.logProbabilities(TOKENS, INDEX)).isEqualTo(bare);
  }

  /** The adapter served gives the loss it had in training. */
  private void served(LoraWeights learned, double loss) {
    decoder.adapters().add("learned", learned);
    try (AdapterBank.Worn worn =
            decoder
                .adapters()
                .worn(List.of(java.util.Optional.of("learned"), java.util.Optional.of("learned")));
        Pass pass = decoder.forward(TOKENS, null, null, null, worn, Decoder.Logits.ALL)) {
      float[] logits = pass.logitsToHost();
      int v = decoder.vocabulary();
      double sum = 0;
      for (int m = 0; m < INDEX.length; m++) {
        int at = (int) INDEX[m] * v;
        double total = 0;
        for (int i = 0; i < v; i++) {
          total += Math.exp(logits[at + i]);
        }
        sum += Math.log(total) - logits[at + (int) TARGET[m]];
      }
      assertThat(sum / INDEX.length).isCloseTo(loss, within(1e-4));
    }
  }

  @Test
  void divergence_weighted_holdsTheAdapterNearTheBase() {
    float[] bare = decoder.logProbabilities(TOKENS, INDEX);
    double free = divergenceAfter(0, bare);
    double held = divergenceAfter(50, bare);
    assertThat(held).isLessThan(free / 3);
  }

  private double divergenceAfter(double weight, float[] bare) {
    try (Trainable trainable = decoder.trainable(adapter())) {
      for (int i = 0; i < 40; i++) {
        trainable.crossEntropy(TOKENS, INDEX, TARGET);
        if (weight > 0) {
          trainable.divergence(weight, TOKENS, INDEX, bare);
        }
        trainable.step(1e-2, Trainable.Optimiser.standard());
      }
      return trainable.divergence(1, TOKENS, INDEX, bare);
    }
  }

  private LoraWeights adapter() {
    ModelConfig config = checkpoint.config();
    Random random = new Random(1);
    Map<LoraWeights.Key, LoraWeights.Part> parts = new HashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      parts.put(new LoraWeights.Key(layer, LoraSlot.OUT), part(config, Weight.O, random));
      parts.put(new LoraWeights.Key(layer, LoraSlot.DOWN), part(config, Weight.DOWN, random));
    }
    return new LoraWeights(2, parts);
  }

  private static LoraWeights.Part part(ModelConfig config, Weight weight, Random random) {
    float[] a = new float[config.shape(weight).get(1).intValue()];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) (random.nextGaussian() / Math.sqrt(a.length));
    }
    return new LoraWeights.Part(1, a, new float[config.shape(weight).get(0).intValue()]);
  }

  @Test
  void trainable_ofAHalfPrecisionModel_isRefused() {
    try (Decoder half = DecoderLoader.load(checkpoint, Precision.BFLOAT16, Device.cpu())) {
      assertThatThrownBy(half::trainable)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("float32");
    }
  }
}
