package dev.plumbline.agent.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.tap.ArtefactCard;
import dev.plumbline.agent.tap.ArtefactInUse;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.serve.FaultyEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load that fails halfway leaves nothing behind; one that succeeds knows what it loaded. */
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

  /** What is said of an artefact is of what was loaded, whoever may write to its folder. */
  @Test
  void open_thenAnotherArtefactInItsFolder_saysWhatWasLoaded(@TempDir Path dir) throws IOException {
    Path folder = PooledArtefacts.random(dir, 2, 1);
    String digest = ArtefactFolder.digest(folder);
    AgentConfig config =
        ConfigLoader.load(
            Optional.empty(),
            Map.of(),
            Map.ofEntries(
                Map.entry("direction", folder.toString()),
                Map.entry("states.tap", "vllm-files"),
                Map.entry("states.directory", dir.toString()),
                Map.entry("states.reference", "true"),
                Map.entry("origin.url", "http://127.0.0.1:9"),
                Map.entry("port", "0")));
    TorchEngines engines = new TorchEngines();
    try (Engines.Loaded loaded = engines.open(config)) {
      Path other = PooledArtefacts.random(Files.createDirectory(dir.resolve("other")), 1, 2);
      for (String file : List.of("direction.json", "direction.safetensors")) {
        Files.copy(other.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      assertThat(ArtefactFolder.digest(folder)).isNotEqualTo(digest);
      assertThat(loaded.artefacts()).extracting(ArtefactInUse::digest).containsExactly(digest);
      assertThat(engines.cards(config)).extracting(ArtefactCard::digest).containsExactly(digest);
    }
  }

  private static void pass(Decoder decoder) {
    decoder.forward(new long[][] {{1, 2}}, null, null, null, null, Decoder.Logits.NONE).close();
  }
}
