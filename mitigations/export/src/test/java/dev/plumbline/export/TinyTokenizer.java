package dev.plumbline.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/** A tokenizer of single letters for tiny models; everything else is one unknown token. */
final class TinyTokenizer {
  private TinyTokenizer() {}

  static void write(Path model) throws IOException {
    StringJoiner vocabulary = new StringJoiner(",");
    vocabulary.add("\"?\":0");
    for (char letter = 'a'; letter <= 'z'; letter++) {
      vocabulary.add("\"" + letter + "\":" + (letter - 'a' + 1));
    }
    Files.writeString(
        model.resolve("tokenizer.json"),
        "{\"version\":\"1.0\",\"added_tokens\":[],\"normalizer\":null,"
            + "\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\".\"},"
            + "\"behavior\":\"Isolated\",\"invert\":false},"
            + "\"post_processor\":null,\"decoder\":null,"
            + "\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"?\",\"vocab\":{"
            + vocabulary
            + "}}}");
  }
}
