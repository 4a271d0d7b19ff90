package dev.plumbline.torch.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.GgufMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a {@code tokenizer.json} from a GGUF file's metadata: byte-level BPE ({@code gpt2}) by its
 * merges, SentencePiece BPE ({@code llama}) by its scores.
 */
public final class GgufTokenizer {
  static final String PREFIX = "tokenizer.ggml.";
  static final int NORMAL = 1;
  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int BYTE = 6;

  private final GgufMetadata metadata;
  private final List<String> tokens;
  private final long[] types;
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  private GgufTokenizer(GgufMetadata metadata) {
    this.metadata = metadata;
    this.tokens =
        metadata
            .texts(PREFIX + "tokens")
            .orElseThrow(() -> metadata.missing(PREFIX + "tokens", "an array of text"));
    this.types =
        metadata
            .integers(PREFIX + "token_type")
            .orElseThrow(() -> metadata.missing(PREFIX + "token_type", "an array of numbers"));
    if (types.length != tokens.size()) {
      throw metadata.bad(PREFIX + "token_type", tokens.size() + " types", types.length + "");
    }
    for (int id = 0; id < tokens.size(); id++) {
      if (ids.put(tokens.get(id), id) != null) {
        throw metadata.bad(
            PREFIX + "tokens", "each token once", tokens.get(id) + " again at " + id);
      }
    }
  }

  /**
   * The tokenizer of a GGUF file.
   *
   * @throws dev.plumbline.torch.checkpoint.file.BadFileException if it has none, or one whose
   *     splitting is not known here
   */
  public static TextTokenizer open(Gguf file) {
    return TextTokenizer.of(file.path(), json(file));
  }

  /** The same as the text of a {@code tokenizer.json}. */
  public static String json(Gguf file) {
    return new GgufTokenizer(file.metadata()).build().toString();
  }

  private ObjectNode build() {
    String model = metadata.requireText(PREFIX + "model");
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    addedTokens(root.putArray("added_tokens"));
    switch (model) {
      case "gpt2" -> new ByteLevelBpe(this).fill(root);
      case "llama" -> new SentencePieceBpe(this).fill(root);
      default -> throw metadata.bad(PREFIX + "model", "gpt2 or llama", model);
    }
    return root;
  }

  private void addedTokens(ArrayNode added) {
    for (int id = 0; id < types.length; id++) {
      boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
      if ((special || types[id] == USER_DEFINED) && !tokens.get(id).isEmpty()) {
        added
            .addObject()
            .put("id", id)
            .put("content", tokens.get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", special);
      }
    }
  }

  GgufMetadata metadata() {
    return metadata;
  }

  List<String> tokens() {
    return tokens;
  }

  Map<String, Integer> ids() {
    return ids;
  }

  boolean isNormal(int id) {
    return types[id] == NORMAL;
  }

  /** The vocabulary as the {@code model.vocab} of a {@code tokenizer.json}. */
  void vocab(ObjectNode model) {
    ObjectNode vocab = model.putObject("vocab");
    ids.forEach(vocab::put);
  }

  /** The step that puts the bos token first, when the file, or else the kind of model, wants it. */
  void beginWithBos(ObjectNode root, boolean byDefault) {
    boolean wanted = metadata.flag(PREFIX + "add_bos_token").orElse(byDefault);
    if (!wanted) {
      return;
    }
    int id = metadata.requireInteger(PREFIX + "bos_token_id");
    if (id < 0 || id >= tokens.size()) {
      throw metadata.bad(PREFIX + "bos_token_id", "a token", Integer.toString(id));
    }
    String bos = tokens.get(id);
    ObjectNode step = root.putObject("post_processor").put("type", "TemplateProcessing");
    sequence(step.putArray("single"), bos, "A");
    sequence(sequence(step.putArray("pair"), bos, "A"), bos, "B");
    ObjectNode token = step.putObject("special_tokens").putObject(bos).put("id", bos);
    token.putArray("ids").add(id);
    token.putArray("tokens").add(bos);
  }

  private static ArrayNode sequence(ArrayNode steps, String bos, String text) {
    int type = text.equals("A") ? 0 : 1;
    steps.addObject().putObject("SpecialToken").put("id", bos).put("type_id", type);
    steps.addObject().putObject("Sequence").put("id", text).put("type_id", type);
    return steps;
  }
}
