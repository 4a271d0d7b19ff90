package dev.plumbline.torch.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.reference.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPinsTest {
  private static final String TOKENIZER =
      """
      {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
       "pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,
       "model":{"type":"WordLevel","vocab":{"a":0,"b":1,"?":2},"unk_token":"?"}}
      """;

  @TempDir private Path temp;

  @Test
  void of_aFolder_pinsShapeTokenizerTemplateAndWeights() throws IOException {
    ModelPin pin = pin(folder("llama_tied", "one", TOKENIZER));
    assertThat(pin.architecture()).isEqualTo("llama");
    assertThat(pin.templateHash()).isEqualTo(ModelPins.NO_TEMPLATE);
    assertThat(pin.weightFingerprint()).matches("sha256:[0-9a-f]{64}");
    assertThat(pin.tokenizerHash()).matches("[0-9a-f]{64}");
    assertThat(pin(folder("llama_tied", "two", TOKENIZER))).isEqualTo(pin);
  }

  @Test
  void of_otherTokenizerTemplateOrArchitecture_doesNotFit() throws IOException {
    ModelPin pin = pin(folder("llama_tied", "one", TOKENIZER));
    ModelPin words = pin(folder("llama_tied", "words", TOKENIZER.replace("\"b\"", "\"c\"")));
    Path templated = folder("llama_tied", "templated", TOKENIZER);
    Files.writeString(templated.resolve("chat_template.jinja"), "{{ messages[0]['content'] }}");
    assertThat(Fit.mismatches(pin, words)).extracting("what").containsExactly("tokenizer");
    assertThat(Fit.mismatches(pin, pin(templated))).extracting("what").containsExactly("template");
    assertThat(Fit.mismatches(pin, pin(folder("qwen3", "other", TOKENIZER))))
        .extracting("what")
        .contains("architecture");
  }

  private Path folder(String golden, String name, String tokenizer) throws IOException {
    Path folder = Files.createDirectories(temp.resolve(name));
    try (Stream<Path> files = Files.list(Golden.folder(golden))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer);
    return folder;
  }

  private static ModelPin pin(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return ModelPins.of(checkpoint, "tiny", "1");
    }
  }
}
