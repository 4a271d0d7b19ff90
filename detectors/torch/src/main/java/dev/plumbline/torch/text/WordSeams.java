package dev.plumbline.torch.text;

import static java.lang.Character.getType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Seams of byte-level models, which split text into words by a regular expression and merge within
 * words. In none of the known expressions does a word go on from a visible character to a space,
 * from a letter or digit to white space, or from a letter to punctuation; and none looks back.
 */
final class WordSeams implements Seams {
  private static final Set<String> EXPRESSIONS = expressions();

  private static Set<String> expressions() {
    Set<String> known = new HashSet<>();
    Arrays.stream(PreTokenizer.values())
        .flatMap(one -> Seams.steps(one.json(), "pretokenizers").stream())
        .map(step -> step.path("pattern").path("Regex").asText())
        .forEach(known::add);
    known.remove("");
    return known;
  }

  /** Whether this is a known splitting: digits, one of the known expressions, bytes, in order. */
  static boolean know(JsonNode pre) {
    boolean bytes = false;
    boolean splits = false;
    for (JsonNode step : Seams.steps(pre, "pretokenizers")) {
      if (bytes || !knownStep(step)) {
        return false;
      }
      String type = step.path("type").asText();
      bytes = type.equals("ByteLevel");
      splits |= type.equals("Split") || step.path("use_regex").asBoolean(bytes);
    }
    return bytes && splits;
  }

  private static boolean knownStep(JsonNode step) {
    return switch (step.path("type").asText()) {
      case "Digits" -> true;
      case "Split" ->
          step.path("behavior").asText().equals("Isolated")
              && !step.path("invert").asBoolean(false)
              && EXPRESSIONS.contains(step.path("pattern").path("Regex").asText());
      case "ByteLevel" -> !step.path("add_prefix_space").asBoolean(true);
      default -> false;
    };
  }

  @Override
  public boolean cut(int before, int after) {
    return Seams.SPACES.cut(before, after)
        || (white(after) && Character.isLetterOrDigit(before))
        || (punctuation(after) && Character.isLetter(before));
  }

  private static boolean white(int point) {
    return point == ' ' || point == '\n' || point == '\r' || point == '\t';
  }

  private static boolean punctuation(int point) {
    return switch (getType(point)) {
      case Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.CONNECTOR_PUNCTUATION,
          Character.OTHER_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.OTHER_SYMBOL ->
          true;
      default -> false;
    };
  }
}
