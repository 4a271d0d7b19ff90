package dev.plumbline.torch.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Typed access to one JSON object of a model folder; a key of the wrong kind is a {@link
 * BadFileException} naming it.
 */
public final class HfValues {
  private static final String REMEDY = "Correct the key, or use a checkpoint of a supported kind.";

  private final Path file;
  private final String prefix;
  private final JsonNode node;

  private HfValues(Path file, String prefix, JsonNode node) {
    this.file = file;
    this.prefix = prefix;
    this.node = node;
  }

  /** Reads the object in {@code file}. */
  static HfValues read(Path file) {
    return new HfValues(file, "", StrictJson.object(file, StrictJson.CONFIG_BYTES));
  }

  /** Reads the object in {@code file}, or gives an empty one if there is no such file. */
  static HfValues readIfPresent(Path file) {
    return Files.exists(file)
        ? read(file)
        : new HfValues(file, "", JsonNodeFactory.instance.objectNode());
  }

  Path file() {
    return file;
  }

  /** Whether the key is there and not null. */
  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** The object under a key, empty if absent. */
  HfValues object(String key) {
    JsonNode child = node.path(key);
    if (has(key) && !child.isObject()) {
      throw bad(key, "an object", child.toString());
    }
    return new HfValues(file, prefix + key + ".", child);
  }

  int integer(String key) {
    if (!node.path(key).isIntegralNumber() || !node.get(key).canConvertToInt()) {
      throw bad(key, "a whole number", has(key) ? node.get(key).toString() : "nothing");
    }
    return node.get(key).intValue();
  }

  int integer(String key, int absent) {
    return has(key) ? integer(key) : absent;
  }

  double number(String key) {
    if (!node.path(key).isNumber()) {
      throw bad(key, "a number", has(key) ? node.get(key).toString() : "nothing");
    }
    return node.get(key).doubleValue();
  }

  double number(String key, double absent) {
    return has(key) ? number(key) : absent;
  }

  boolean flag(String key, boolean absent) {
    if (has(key) && !node.get(key).isBoolean()) {
      throw bad(key, "true or false", node.get(key).toString());
    }
    return has(key) ? node.get(key).booleanValue() : absent;
  }

  String text(String key, String absent) {
    if (has(key) && !node.get(key).isTextual()) {
      throw bad(key, "text", node.get(key).toString());
    }
    return has(key) ? node.get(key).textValue() : absent;
  }

  /** The texts of an array; empty if absent. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : node.path(key)) {
      if (!item.isTextual()) {
        throw bad(key, "a list of text", node.get(key).toString());
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  /** A number or a list of numbers; empty if absent. */
  List<Integer> integers(String key) {
    List<Integer> all = new ArrayList<>();
    if (has(key) && !node.get(key).isArray()) {
      return List.of(integer(key));
    }
    for (JsonNode item : node.path(key)) {
      if (!item.isInt()) {
        throw bad(key, "whole numbers", node.get(key).toString());
      }
      all.add(item.intValue());
    }
    return all;
  }

  /** How many children an object or array has. */
  int size(String key) {
    return node.path(key).size();
  }

  boolean isTextual(String key) {
    return node.path(key).isTextual();
  }

  /** {@code hidden_size / num_attention_heads}: the usual head width. */
  public int hiddenPerHead() {
    return integer("hidden_size") / Math.max(1, integer("num_attention_heads"));
  }

  BadFileException bad(String key, String wanted, String found) {
    return new BadFileException(file, prefix + key, wanted, found, REMEDY);
  }
}
