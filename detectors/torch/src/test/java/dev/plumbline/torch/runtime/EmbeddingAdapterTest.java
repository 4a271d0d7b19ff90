package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.residual.TapPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EmbeddingAdapterTest {
  private static final int RANK = 2;

  private static LoraWeights embedding(Decoder decoder) {
    float[] a = normal(RANK * decoder.vocabulary(), 1);
    float[] b = normal(decoder.shape().hidden() * RANK, 2);
    return new LoraWeights(0.5, Map.of(), Optional.of(new LoraWeights.Part(RANK, a, b)));
  }

  private static float[] normal(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] states(Decoder decoder, long[][] tokens, AdapterBank.Worn worn) {
    try (Watch watch = decoder.watch(List.of(TapPoint.EMBED), List.of());
        Pass pass = decoder.forward(tokens, null, watch, null, worn, Decoder.Logits.NONE)) {
      return pass.states(TapPoint.EMBED);
    }
  }

  @Test
  void worn_besideOthersInABatch_addsBTimesTheTokensColumnOfA() {
    try (Decoder decoder = TinyModel.adapted()) {
      LoraWeights weights = embedding(decoder);
      decoder.adapters().add("e", weights);
      long[] text = TinyModel.tokens(7, decoder.vocabulary(), 3);
      long[][] tokens = {text, text, text};
      float[] bare = states(decoder, tokens, null);
      float[] worn;
      try (AdapterBank.Worn mixed =
          decoder
              .adapters()
              .worn(List.of(Optional.of("rank2"), Optional.of("e"), Optional.empty()))) {
        worn = states(decoder, tokens, mixed);
      }
      int row = text.length * (int) decoder.shape().hidden();
      assertThat(Arrays.copyOf(worn, row)).isEqualTo(Arrays.copyOf(bare, row));
      assertThat(Arrays.copyOfRange(worn, 2 * row, 3 * row))
          .isEqualTo(Arrays.copyOfRange(bare, 2 * row, 3 * row));
      double[] wanted = TinyModel.widen(Arrays.copyOfRange(bare, row, 2 * row));
      add(weights, text, decoder, wanted);
      double[] found = TinyModel.widen(Arrays.copyOfRange(worn, row, 2 * row));
      assertThat(TinyModel.distance(found, wanted)).isLessThan(1e-6);
    }
  }

  private static void add(LoraWeights weights, long[] text, Decoder decoder, double[] states) {
    LoraWeights.Part part = weights.embedding().orElseThrow();
    int width = part.out();
    for (int t = 0; t < text.length; t++) {
      for (int i = 0; i < width; i++) {
        for (int r = 0; r < RANK; r++) {
          double a = part.a()[r * decoder.vocabulary() + (int) text[t]];
          states[t * width + i] += weights.scale() * part.b()[i * RANK + r] * a;
        }
      }
    }
  }

  @Test
  void train_adapterOfTheEmbedding_isRefused() {
    try (Decoder decoder = TinyModel.adapted()) {
      LoraWeights weights = embedding(decoder);
      LoraWeights both =
          new LoraWeights(
              1,
              Map.of(
                  new LoraWeights.Key(0, LoraSlot.DOWN),
                  new LoraWeights.Part(1, new float[1], new float[1])),
              weights.embedding());
      assertThatThrownBy(() -> Trainee.adapter(both)).hasMessageContaining("embedding");
    }
  }
}
