package dev.plumbline.torch.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/**
 * How byte-level BPE models split text before merging, by the names that GGUF's {@code
 * tokenizer.ggml.pre} gives them.
 *
 * <p>The regular expressions are those of the models' own {@code tokenizer.json}.
 */
enum PreTokenizer {
  /** GPT-2's own splitting. */
  GPT2(Set.of("gpt-2", "default"), null, false, false, false),
  /** Digits one by one, then GPT-2's. */
  SMOLLM(Set.of("smollm"), null, true, false, false),
  LLAMA3(Set.of("llama-bpe", "llama3", "llama-v3"), split("\\p{N}{1,3}", ""), false, true, true),
  QWEN2(Set.of("qwen2", "deepseek-r1-qwen"), split("\\p{N}", ""), false, false, false),
  TEKKEN(Set.of("tekken"), Patterns.TEKKEN, false, true, false);

  private static final class Patterns {
    static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    static final String HEAD = "[^\\r\\n\\p{L}\\p{N}]?";
    static final String TEKKEN =
        HEAD + UPPER + "*" + LOWER + "+|" + HEAD + UPPER + "+" + LOWER + "*" + tail("\\p{N}", "/");

    private static String tail(String digits, String alsoAfter) {
      return "|"
          + digits
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n"
          + alsoAfter
          + "]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }
  }

  private final Set<String> names;
  private final String pattern;
  private final boolean digits;
  private final boolean wholeWordsFirst;
  private final boolean beginsWithBos;

  PreTokenizer(
      Set<String> names,
      String pattern,
      boolean digits,
      boolean wholeWordsFirst,
      boolean beginsWithBos) {
    this.names = names;
    this.pattern = pattern;
    this.digits = digits;
    this.wholeWordsFirst = wholeWordsFirst;
    this.beginsWithBos = beginsWithBos;
  }

  private static String split(String digits, String alsoAfter) {
    return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
        + Patterns.tail(digits, alsoAfter);
  }

  static Optional<PreTokenizer> named(String name) {
    for (PreTokenizer one : values()) {
      if (one.names.contains(name)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a split word that is itself a token is taken whole, without merging ({@code
   * ignore_merges}).
   */
  boolean wholeWordsFirst() {
    return wholeWordsFirst;
  }

  /** Whether such models begin a text with their bos token unless the file says otherwise. */
  boolean beginsWithBos() {
    return beginsWithBos;
  }

  /** Whether text is composed (NFC) first. */
  boolean composes() {
    return this == QWEN2;
  }

  /** The {@code pre_tokenizer} of a {@code tokenizer.json}. */
  ObjectNode json() {
    ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
    ArrayNode steps = sequence.putArray("pretokenizers");
    if (digits) {
      steps.addObject().put("type", "Digits").put("individual_digits", true);
    }
    if (pattern != null) {
      ObjectNode split =
          steps.addObject().put("type", "Split").put("behavior", "Isolated").put("invert", false);
      split.putObject("pattern").put("Regex", pattern);
    }
    steps.add(byteLevel(pattern == null));
    return sequence;
  }

  /** The byte-level step, also the decoder. */
  static ObjectNode byteLevel(boolean splits) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", splits);
  }
}
