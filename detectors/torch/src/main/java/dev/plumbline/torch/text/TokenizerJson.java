package dev.plumbline.torch.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A {@code tokenizer.json}: the vocabulary and the special tokens, and a second version of it that
 * knows no special tokens.
 *
 * <p>Format: Hugging Face {@code tokenizers}.
 */
final class TokenizerJson {
  /** Never a character of a token of its own: it makes a vocabulary entry unreachable. */
  private static final String UNREACHABLE = "\uFDD0";

  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

  private final Path file;
  private final String text;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Set<String> special = new LinkedHashSet<>();
  private final Set<Integer> specialIds = new HashSet<>();
  private final Set<Integer> bytes = new HashSet<>();

  TokenizerJson(Path file, String text) {
    this.file = file;
    this.text = text;
    JsonNode root = StrictJson.parse(file, "tokenizer", text);
    vocabulary(root.path("model").path("vocab"));
    for (JsonNode token : root.path("added_tokens")) {
      added(token);
    }
    if (root.path("model").path("byte_fallback").asBoolean(false)) {
      ids.forEach(this::addIfByte);
    }
    if (ids.isEmpty()) {
      throw bad("model.vocab", "tokens", "none");
    }
  }

  Path file() {
    return file;
  }

  String text() {
    return text;
  }

  Map<String, Integer> ids() {
    return ids;
  }

  /** The texts of the tokens marked special, in the order of the file. */
  Set<String> special() {
    return special;
  }

  boolean isSpecial(long id) {
    return specialIds.contains((int) id);
  }

  /** Whether the id stands for one byte of a character that the vocabulary lacks. */
  boolean isByte(long id) {
    return bytes.contains((int) id);
  }

  private void addIfByte(String token, int id) {
    if (BYTE.matcher(token).matches()) {
      bytes.add(id);
    }
  }

  /**
   * The same without special tokens: text that spells one is split like any other. Entries of the
   * model's own vocabulary keep their ids but become unreachable where the model matches whole
   * words first ({@code ignore_merges}).
   */
  String withoutSpecial() {
    ObjectNode root = (ObjectNode) StrictJson.parse(file, "tokenizer", text);
    if (root.path("added_tokens") instanceof ArrayNode added) {
      List<JsonNode> kept = new ArrayList<>();
      added.forEach(kept::add);
      kept.removeIf(t -> t.path("special").asBoolean(false));
      root.putArray("added_tokens").addAll(kept);
    }
    if (root.path("model").path("ignore_merges").asBoolean(false)) {
      hide((ObjectNode) root.path("model").path("vocab"));
    }
    return root.toString();
  }

  /** Whether something is put before a text, and before what follows an added token in it. */
  boolean prepends() {
    return Seams.prepends(StrictJson.parse(file, "tokenizer", text));
  }

  /** Where text may be cut before it is encoded. */
  Seams seams() {
    return Seams.of(StrictJson.parse(file, "tokenizer", text));
  }

  private void hide(ObjectNode vocab) {
    for (String token : special) {
      JsonNode id = vocab.remove(token);
      if (id != null) {
        vocab.set(UNREACHABLE + token, id);
      }
    }
  }

  private void vocabulary(JsonNode vocab) {
    if (vocab.isArray()) {
      for (int i = 0; i < vocab.size(); i++) {
        put("model.vocab[" + i + "]", vocab.get(i).path(0).asText(), i);
      }
      return;
    }
    for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
      if (!entry.getValue().isInt() || entry.getValue().intValue() < 0) {
        throw bad(
            "model.vocab." + entry.getKey(), "an id of 0 or more", entry.getValue().toString());
      }
      put("model.vocab", entry.getKey(), entry.getValue().intValue());
    }
  }

  private void added(JsonNode token) {
    JsonNode id = token.path("id");
    JsonNode content = token.path("content");
    if (!id.isInt() || id.intValue() < 0 || !content.isTextual() || content.textValue().isEmpty()) {
      throw bad("added_tokens", "an id and a content", token.toString());
    }
    put("added_tokens", content.textValue(), id.intValue());
    if (token.path("special").asBoolean(false)) {
      special.add(content.textValue());
      specialIds.add(id.intValue());
    }
  }

  private void put(String where, String token, int id) {
    Integer before = ids.put(token, id);
    if (before != null && before != id) {
      throw bad(where, "one id for " + token, before + " and " + id);
    }
  }

  private BadFileException bad(String where, String wanted, String found) {
    return new BadFileException(file, where, wanted, found, "Fetch or write the tokenizer again.");
  }
}
