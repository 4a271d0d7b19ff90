package dev.plumbline.agent.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.serve.FaultyEngines;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A load that fails halfway leaves nothing behind. */
class TorchEnginesTest {
  private static final AgentConfig READER =
      ConfigLoader.load(
          Optional.empty(),
          Map.of(),
          Map.of("organism", "true", "origin.url", "http://127.0.0.1:9", "port", "0"));

  @Test
  void open_withoutMemoryForTheEngine_freesTheWeights() {
    AtomicReference<Decoder> loaded = new AtomicReference<>();
    TorchEngines engines =
        new TorchEngines(
            (decoder, readouts, limits) -> {
              loaded.set(decoder);
              throw new OutOfMemoryError("CUDA out of memory");
            });
    assertThatThrownBy(() -> engines.open(READER)).isInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(() -> pass(loaded.get())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void open_withoutMemoryForTheFirstPass_freesTheEngineAndItsWeights() {
    AtomicReference<Decoder> loaded = new AtomicReference<>();
    TorchEngines engines =
        new TorchEngines(
            (decoder, readouts, limits) -> {
              loaded.set(decoder);
              return FaultyEngines.open(
                  decoder,
                  readouts,
                  limits,
                  (rows, columns) -> {
                    throw new OutOfMemoryError("CUDA out of memory");
                  });
            });
    assertThatThrownBy(() -> engines.open(READER)).hasMessageContaining("out of memory");
    assertThatThrownBy(() -> pass(loaded.get())).isInstanceOf(IllegalStateException.class);
  }

  private static void pass(Decoder decoder) {
    decoder.forward(new long[][] {{1, 2}}, null, null, null, null, Decoder.Logits.NONE).close();
  }
}
