package dev.plumbline.torch.checkpoint.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a safetensors header as a stream of JSON tokens, so that its size bounds what is allocated.
 */
final class SafetensorsHeader {
  private static final int LENGTH_BYTES = 8;
  private static final int LONGEST = 64 << 20;
  private static final int MOST_TENSORS = 200_000;
  private static final int MOST_EXTENTS = 16;
  private static final String METADATA = "__metadata__";

  private final MappedFile file;
  private final long dataStart;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  private SafetensorsHeader(MappedFile file, long dataStart) {
    this.file = file;
    this.dataStart = dataStart;
  }

  static SafetensorsHeader read(MappedFile file) {
    long length = length(file);
    byte[] bytes = new byte[(int) length];
    file.slice(LENGTH_BYTES, bytes.length).get(bytes);
    SafetensorsHeader header = new SafetensorsHeader(file, LENGTH_BYTES + length);
    String text = StrictJson.utf8(file.path(), "header", bytes);
    try (JsonParser json = StrictJson.FACTORY.createParser(text)) {
      header.read(json);
    } catch (JsonProcessingException e) {
      throw StrictJson.broken(file.path(), "header", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Overlaps.refuse(file.path(), header.tensors.values());
    return header;
  }

  private static long length(MappedFile file) {
    if (file.size() < LENGTH_BYTES) {
      throw new BadFileException(
          file.path(),
          "offset 0",
          "a header length of 8 bytes",
          file.size() + " bytes in all",
          Ranges.FETCH);
    }
    long length = file.slice(0, LENGTH_BYTES).getLong(0);
    long most = Math.min(LONGEST, file.size() - LENGTH_BYTES);
    if (length < 2 || length > most) {
      throw new BadFileException(
          file.path(),
          "offset 0",
          "a header length from 2 to " + most,
          Long.toUnsignedString(length),
          Ranges.FETCH);
    }
    return length;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  Map<String, TensorInfo> tensors() {
    return tensors;
  }

  private void read(JsonParser json) throws IOException {
    expect(json, json.nextToken(), JsonToken.START_OBJECT, "header");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      expect(json, json.currentToken(), JsonToken.FIELD_NAME, "header");
      String name = json.currentName();
      json.nextToken();
      if (name.equals(METADATA)) {
        metadata(json);
      } else {
        tensor(json, name);
      }
    }
    if (json.nextToken() != null) {
      throw bad("header", "nothing after the object", json.currentToken().toString());
    }
  }

  private void metadata(JsonParser json) throws IOException {
    expect(json, json.currentToken(), JsonToken.START_OBJECT, METADATA);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      expect(json, json.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
      metadata.put(key, json.getText());
    }
  }

  private void tensor(JsonParser json, String name) throws IOException {
    if (tensors.size() == MOST_TENSORS) {
      throw bad("header", "at most " + MOST_TENSORS + " tensors", "more");
    }
    String where = "tensor " + name;
    expect(json, json.currentToken(), JsonToken.START_OBJECT, where);
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> type = text(json, where);
        case "shape" -> shape = numbers(json, where + ".shape");
        case "data_offsets" -> offsets = numbers(json, where + ".data_offsets");
        default -> json.skipChildren();
      }
    }
    tensors.put(name, info(where, name, type, shape, offsets));
  }

  private TensorInfo info(
      String where, String name, String type, List<Long> shape, List<Long> offsets) {
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw bad(where, "dtype, shape and two data_offsets", type + ", " + shape + ", " + offsets);
    }
    TensorType known =
        TensorType.ofSafetensors(type)
            .orElseThrow(() -> bad(where, "one of " + TensorType.plain(), type));
    long begin = offsets.get(0);
    long length = offsets.get(1) - begin;
    Ranges.within(file, where, dataStart, begin, length);
    return Ranges.info(file.path(), name, known, shape, dataStart + begin, length);
  }

  private String text(JsonParser json, String where) throws IOException {
    expect(json, json.currentToken(), JsonToken.VALUE_STRING, where);
    return json.getText();
  }

  private List<Long> numbers(JsonParser json, String where) throws IOException {
    expect(json, json.currentToken(), JsonToken.START_ARRAY, where);
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT, where);
      if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 0) {
        throw bad(where, "numbers from 0 to 2^63 - 1", json.getText());
      }
      if (numbers.size() == MOST_EXTENTS) {
        throw bad(where, "at most " + MOST_EXTENTS + " numbers", "more");
      }
      numbers.add(json.getLongValue());
    }
    return numbers;
  }

  private void expect(JsonParser json, JsonToken found, JsonToken wanted, String where)
      throws IOException {
    if (found != wanted) {
      throw bad(where, wanted.toString(), found == null ? "the end" : found + " " + json.getText());
    }
  }

  private BadFileException bad(String where, String wanted, String found) {
    return new BadFileException(file.path(), where, wanted, found, Ranges.FETCH);
  }
}
