package dev.plumbline.torch.checkpoint.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON from files that may be hostile: bounded in size and depth, UTF-8 only, no duplicate keys,
 * nothing after the end.
 */
public final class StrictJson {
  /** Configurations are a few KB; this leaves room. */
  public static final int CONFIG_BYTES = 4 << 20;

  /** The largest published tokenizers are some 35 MB. */
  public static final int TOKENIZER_BYTES = 64 << 20;

  private static final int DEEPEST = 64;
  private static final int LONGEST_NUMBER = 64;
  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(LONGEST_NUMBER)
                  .maxStringLength(CONFIG_BYTES)
                  .build())
          .build();
  private static final ObjectMapper MAPPER =
      new ObjectMapper(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StrictJson() {}

  /**
   * Reads an object.
   *
   * @param longest the most bytes the file may have, checked before it is read
   * @throws BadFileException if the file cannot be read, is longer, or is not one JSON object
   */
  public static JsonNode object(Path file, int longest) {
    JsonNode node = parse(file, "the JSON", text(file, longest));
    if (!node.isObject()) {
      throw new BadFileException(
          file, "the JSON", "an object", node.getNodeType().toString(), "Is this the right file?");
    }
    return node;
  }

  /** Parses text that was read from {@code file} at {@code where}. */
  public static JsonNode parse(Path file, String where, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw broken(file, where, e);
    }
  }

  /** Parses one line of a file of JSON lines; an error names that line and the column in it. */
  public static JsonNode parseLine(Path file, long number, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String column = at == null ? "" : " column " + at.getColumnNr();
      throw notJson(file, "line " + number + column, e);
    }
  }

  /** The text of a UTF-8 file of at most {@code longest} bytes. */
  public static String text(Path file, int longest) {
    try {
      long size = Files.size(file);
      if (size > longest) {
        throw new BadFileException(
            file,
            "its size",
            "at most " + longest + " bytes",
            size + " bytes",
            "Is this the right file?");
      }
      return utf8(file, "the text", Files.readAllBytes(file));
    } catch (IOException e) {
      throw new BadFileException(
          file,
          "the file itself",
          "a readable file",
          e.toString(),
          "Check the path and its permissions.",
          e);
    }
  }

  /** Decodes bytes, refusing what is not UTF-8. */
  static String utf8(Path file, String where, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new BadFileException(
          file, where, "UTF-8", e.toString(), "The file is damaged: fetch or write it again.", e);
    }
  }

  static BadFileException broken(Path file, String where, JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String place =
        at == null ? where : where + ", line " + at.getLineNr() + " column " + at.getColumnNr();
    return notJson(file, place, e);
  }

  private static BadFileException notJson(Path file, String place, JsonProcessingException e) {
    return new BadFileException(
        file,
        place,
        "JSON at most " + DEEPEST + " deep without duplicate keys",
        e.getOriginalMessage(),
        "The file is damaged or not JSON: fetch or write it again.",
        e);
  }
}
