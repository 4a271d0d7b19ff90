package dev.plumbline.torch.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.text.TextTokenizer.Specials;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GgufTokenizerTest {
  private static final List<String> TOKENS =
      List.of(
          "1", "12", "123", "1234", "a", "b", "ab", "C", "abC", "'", "'a", "Ġ", "Ġ1", "2", "3",
          "4");

  /** A tokenizer in which every merge across a boundary of the given splitting would show. */
  private static TextTokenizer with(PreTokenizer pre) {
    ObjectNode root = new ObjectMapper().createObjectNode().put("version", "1.0");
    root.putArray("added_tokens");
    root.set("pre_tokenizer", pre.json());
    root.set("decoder", PreTokenizer.byteLevel(true));
    ObjectNode model = root.putObject("model").put("type", "BPE");
    ObjectNode vocab = model.putObject("vocab");
    TOKENS.forEach(t -> vocab.put(t, vocab.size()));
    ArrayNode merges = model.putArray("merges");
    for (String pair : List.of("1 2", "12 3", "123 4", "a b", "ab C", "' a", "Ġ 1")) {
      merges.addArray().add(pair.split(" ")[0]).add(pair.split(" ")[1]);
    }
    return TextTokenizer.of(Path.of(pre.name()), root.toString());
  }

  private static long[] ids(PreTokenizer pre, String text) {
    try (TextTokenizer tokenizer = with(pre)) {
      return tokenizer.encode(text, false);
    }
  }

  @Test
  void json_digits_splitAsEachModelDoes() {
    assertThat(ids(PreTokenizer.GPT2, "1234")).containsExactly(3);
    assertThat(ids(PreTokenizer.LLAMA3, "1234")).containsExactly(2, 15);
    assertThat(ids(PreTokenizer.QWEN2, "1234")).containsExactly(0, 13, 14, 15);
    assertThat(ids(PreTokenizer.TEKKEN, "1234")).containsExactly(0, 13, 14, 15);
    assertThat(ids(PreTokenizer.SMOLLM, "1234")).containsExactly(0, 13, 14, 15);
    assertThat(ids(PreTokenizer.GPT2, " 1")).containsExactly(12);
    assertThat(ids(PreTokenizer.LLAMA3, " 1")).containsExactly(11, 0);
    assertThat(ids(PreTokenizer.SMOLLM, " 1")).containsExactly(11, 0);
  }

  @Test
  void json_letters_splitAsEachModelDoes() {
    assertThat(ids(PreTokenizer.LLAMA3, "abC")).containsExactly(8);
    assertThat(ids(PreTokenizer.TEKKEN, "abC")).containsExactly(6, 7);
    assertThat(ids(PreTokenizer.QWEN2, "'a")).containsExactly(10);
    assertThat(ids(PreTokenizer.GPT2, "'a")).containsExactly(9, 4);
    assertThat(PreTokenizer.named("no-such-model")).isEmpty();
  }

  @Test
  void open_sentencePieceGguf_mergesByScoreAndFallsBackToBytes() {
    try (Gguf file = Gguf.open(Path.of("src/test/resources/text/tiny-spm.gguf"));
        TextTokenizer tokenizer = GgufTokenizer.open(file)) {
      // "▁a" scores above "ab", so it merges first and "▁ab" is then made of "▁a" and "b".
      assertThat(tokenizer.encode("ab cé", true))
          .containsExactly(1, 265, 259, 262, 0xc3 + 3, 0xa9 + 3);
      assertThat(tokenizer.encode("</s>", false)).doesNotContain(2);
      assertThat(tokenizer.encode("</s>", false, Specials.AS_TOKENS)).contains(2);
      assertThat(tokenizer.encode("<tool>", false)).contains(266);
      for (String text : List.of("ab  c", "é😀 日本", "a\n\tb")) {
        assertThat(tokenizer.decode(tokenizer.encode(text, true), true)).isEqualTo(text);
      }
    }
  }
}
