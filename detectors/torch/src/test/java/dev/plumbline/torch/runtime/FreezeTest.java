package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.mitigations.InterventionPlan;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A frozen decoder says what it said before. */
class FreezeTest {
  private static final long[] IDS = TinyModel.tokens(9, 50, 4);

  @ParameterizedTest
  @CsvSource({
    "llama_tied, FLOAT32, 1e-5", "llama_tied, BFLOAT16, 2e-2",
    "llama_linear, FLOAT32, 1e-5", "mistral_window, BFLOAT16, 2e-2",
    "qwen2, FLOAT32, 1e-5", "qwen2, BFLOAT16, 2e-2",
    "qwen3, FLOAT32, 1e-5", "llama3_scaled, BFLOAT16, 2e-2"
  })
  void freeze_thenForward_equalsTheReference(String name, Precision precision, double bound) {
    InterventionPlan plan;
    try (Decoder decoder = TinyModel.decoder(name, precision)) {
      decoder.freeze();
      decoder.freeze();
      plan =
          InterventionPlan.shared(
              TinyModel.direction(decoder.shape().hidden(), 1), decoder.shape().layers());
      try (Edits edits = decoder.edits(List.of(plan));
          Pass pass =
              decoder.forward(new long[][] {IDS}, null, null, edits, null, Decoder.Logits.ALL)) {
        double[] wanted = TinyModel.flat(TinyModel.reference(name, IDS, plan).logits());
        assertThat(TinyModel.distance(TinyModel.widen(pass.logitsToHost()), wanted))
            .isLessThan(bound);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama_tied", "llama_linear"})
  void freeze_freesThePlainMatrices(String name) {
    try (Decoder decoder = TinyModel.decoder(name, Precision.FLOAT32)) {
      int before = TinyModel.arrays(decoder);
      decoder.freeze();
      int matrices = 4 * decoder.shape().layers() + (name.equals("llama_tied") ? 0 : 1);
      assertThat(TinyModel.arrays(decoder)).isEqualTo(before - matrices);
    }
  }

  @Test
  void logProbabilities_ofAFrozenDecoder_areTheSame() {
    long[] index = {0, 3, 8};
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      double[] before = TinyModel.widen(decoder.logProbabilities(new long[][] {IDS}, index));
      decoder.freeze();
      double[] after = TinyModel.widen(decoder.logProbabilities(new long[][] {IDS}, index));
      assertThat(TinyModel.distance(after, before)).isLessThan(1e-5);
    }
  }

  /** Long texts of a batch take another way through the MLP than one alone. */
  @Test
  void forward_ofLongTextsTogether_isThatOfEachAlone() {
    long[][] texts = {TinyModel.tokens(64, 50, 5), TinyModel.tokens(64, 50, 6)};
    try (Decoder decoder = TinyModel.decoder("llama_linear", Precision.FLOAT32)) {
      double[] plain = logits(decoder, texts);
      decoder.freeze();
      double[] together = logits(decoder, texts);
      double[] second = logits(decoder, new long[][] {texts[1]});
      assertThat(TinyModel.distance(together, plain)).isLessThan(1e-5);
      double[] tail =
          Arrays.copyOfRange(together, together.length - second.length, together.length);
      assertThat(TinyModel.distance(tail, second)).isLessThan(1e-5);
    }
  }

  private static double[] logits(Decoder decoder, long[][] texts) {
    try (Pass pass = decoder.forward(texts, null, null, null, null, Decoder.Logits.ALL)) {
      return TinyModel.widen(pass.logitsToHost());
    }
  }

  @Test
  void trainable_ofAFrozenDecoder_isRefused() {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      decoder.freeze();
      assertThatThrownBy(decoder::trainable).hasMessageContaining("not frozen");
    }
  }
}
