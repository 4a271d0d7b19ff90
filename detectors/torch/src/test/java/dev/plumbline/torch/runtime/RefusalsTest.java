package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.reference.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the runtime will not run says so, instead of running something else. */
class RefusalsTest {
  @ParameterizedTest
  @CsvSource({"llama_bias_f16, mlp_bias", "qwen2_window, layer_types"})
  void open_whatTheProgramCannotDo_namesTheKey(String name, String key) {
    assertThatThrownBy(() -> Checkpoint.open(Golden.folder(name))).hasMessageContaining(key);
  }

  @Test
  void forward_pastTheLastPosition_isRefused() {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      long[][] tokens = {TinyModel.tokens(65, 50, 1)};
      assertThatThrownBy(() -> decoder.forward(tokens, null, null, null, null, Decoder.Logits.NONE))
          .hasMessageContaining("wanted at most 64 tokens, found 65");
      assertThat(decoder.openPasses()).isZero();
    }
  }

  @Test
  void forward_rowsOfUnequalLength_areRefused() {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      long[][] tokens = {{1, 2, 3}, {1}};
      assertThatThrownBy(() -> decoder.forward(tokens, null, null, null, null, Decoder.Logits.NONE))
          .hasMessageContaining("wanted rows of 3 tokens, found 1");
    }
  }

  @Test
  void watch_readoutOfAnotherWidth_isRefusedBeforeItRuns() {
    var readout =
        dev.plumbline.core.direction.Readout.projection(
            "wide", dev.plumbline.core.residual.TapPoint.EMBED, TinyModel.direction(25, 1));
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      assertThatThrownBy(() -> decoder.watch(List.of(), List.of(readout)))
          .hasMessageContaining("wide")
          .hasMessageContaining("found 25");
    }
  }

  @Test
  void worn_anUnknownAdapter_namesThoseLoaded() {
    try (Decoder decoder = TinyModel.adapted()) {
      assertThatThrownBy(() -> decoder.adapters().worn(List.of(Optional.of("other"))))
          .hasMessageContaining("rank2")
          .hasMessageContaining("'other'");
    }
  }

  /** DJL kills the process when asked for bfloat16, so nothing may name DJL's constant. */
  @Test
  void sources_neverNameDjlsBfloat16() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<Path> naming =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> read(file).matches("(?s).*DataType\\s*\\.\\s*BFLOAT16.*"))
              .toList();
      assertThat(naming).isEmpty();
    }
  }

  @Test
  void bfloat16_throughEveryHostPath_comesBackAsFloat32() {
    long[] ids = TinyModel.tokens(5, 50, 1);
    var tap = dev.plumbline.core.residual.TapPoint.residPost(0);
    var readout =
        dev.plumbline.core.direction.Readout.projection("a", tap, TinyModel.direction(24, 1));
    var plan = dev.plumbline.mitigations.InterventionPlan.shared(TinyModel.direction(24, 1), 2);
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.BFLOAT16);
        Watch watch = decoder.watch(List.of(tap), List.of(readout));
        Edits edits = decoder.edits(List.of(plan));
        KvCache cache = decoder.cache(new long[1], 2);
        Pass pass =
            decoder.forward(new long[][] {ids}, cache, watch, edits, null, Decoder.Logits.LAST)) {
      assertThat(pass.states(tap)).hasSize(5 * 24);
      assertThat(pass.readouts()).hasSize(5);
      assertThat(pass.removed()).hasSize(5);
      assertThat(pass.logitsToHost()).hasSize(50);
      assertThat(pass.sample(new Sampling[] {Sampling.GREEDY}, new double[1])).hasSize(1);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
