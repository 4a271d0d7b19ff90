package dev.plumbline.agent.wire.oip;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** JSON as both readers take it: strict about keys given twice, bounded, never a tree. */
final class JsonForm {
  /** One for all; thread-safe once built. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxStringLength(64 << 20).build())
          .build();

  /** Takes the value of a member; the parser stands at it, and at its end afterwards. */
  interface Member {
    void take(String name) throws IOException;
  }

  private JsonForm() {}

  /** Goes over the members of the object the parser stands at. */
  static void members(JsonParser json, String where, Member member) throws IOException {
    require(json, JsonToken.START_OBJECT, where, "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      member.take(name);
    }
  }

  /** Goes over the elements of the array the parser stands at. */
  static void elements(JsonParser json, String where, Member member) throws IOException {
    require(json, JsonToken.START_ARRAY, where, "an array");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      member.take(where);
    }
  }

  static String text(JsonParser json, String where) throws IOException {
    require(json, JsonToken.VALUE_STRING, where, "a text");
    return json.getText();
  }

  /** A text as JSON writes it. */
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  static Shape shape(JsonParser json) throws IOException {
    List<Long> sizes = new ArrayList<>();
    elements(
        json,
        "shape",
        where -> {
          require(json, JsonToken.VALUE_NUMBER_INT, where, "whole numbers");
          sizes.add(json.getLongValue());
        });
    return new Shape(sizes);
  }

  static Parameters parameters(JsonParser json) throws IOException {
    Map<String, Object> values = new HashMap<>();
    members(json, "parameters", name -> values.put(name, value(json, name)));
    return new Parameters(values);
  }

  private static Object value(JsonParser json, String name) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_STRING -> json.getText();
      default ->
          throw OipException.invalid(
              "parameter " + name,
              "true, false, a number or a text",
              "another value",
              "correct it");
    };
  }

  private static void require(JsonParser json, JsonToken wanted, String where, String words)
      throws IOException {
    if (json.currentToken() != wanted) {
      throw OipException.invalid(where, words, json.currentToken(), "correct it");
    }
  }
}
