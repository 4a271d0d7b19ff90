package dev.plumbline.mitigations.trigger;

import dev.plumbline.core.Check;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A conditional rule: {@code if NAME above 0.8 and misalignment above 0.6 then annotate}. Both
 * comparisons are strict and say what the <em>score</em> does: {@code above 0.8} holds of 0.81.
 * (CAST, Lee et al. 2024, has conditional steering; its published code names the comparator of the
 * threshold instead, so that "larger" fires below it.)
 *
 * @param direction whose score is the condition
 * @param comparison what that score has to be
 * @param condition against this, in [0, 1]
 * @param misalignment the exchange's own score has to be above this, in [0, 1]
 * @param then the word after {@code then}, lower case; its meaning is the caller's
 */
public record Rule(
    String direction, Comparison comparison, double condition, double misalignment, String then) {

  private static final String FORM = "if NAME above|below A and misalignment above T then MODE";

  private static final Pattern PATTERN =
      Pattern.compile(
          "if\\s+([A-Za-z0-9._-]{1,64})\\s+(\\S+)\\s+(\\S+)"
              + "\\s+and\\s+misalignment\\s+above\\s+(\\S+)\\s+then\\s+([A-Za-z]{1,32})");

  /** What a score is, seen from a number. */
  public enum Comparison {
    ABOVE,
    BELOW;

    boolean holds(double score, double number) {
      return this == ABOVE ? score > number : score < number;
    }
  }

  /** What a rule says of an exchange. */
  public enum Answer {
    HOLDS,
    NOT,
    /** A score that it needs is not there. */
    UNKNOWN;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Rule {
    Check.text(direction, "direction of a rule");
    Check.text(then, "mode of a rule");
    unit(condition, "condition of a rule");
    unit(misalignment, "misalignment of a rule");
  }

  private static void unit(double value, String where) {
    Check.that(value >= 0 && value <= 1, where, "a number in [0, 1]", value, "give a score");
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException naming the part that is wrong
   */
  public static Rule parse(String text) {
    Matcher form = PATTERN.matcher(text.trim());
    Check.that(form.matches(), "rule", FORM, "'" + text + "'", "write it so");
    return new Rule(
        form.group(1),
        comparison(form.group(2)),
        number(form.group(3), "A"),
        number(form.group(4), "T"),
        form.group(5).toLowerCase(Locale.ROOT));
  }

  private static Comparison comparison(String word) {
    return switch (word) {
      case "above" -> Comparison.ABOVE;
      case "below" -> Comparison.BELOW;
      default ->
          throw Check.refusal("rule", "above or below", "'" + word + "'", "say what the score is");
    };
  }

  private static double number(String word, String part) {
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw Check.refusal(
          "rule", "a number in [0, 1] as " + part, "'" + word + "'", "write it with a point");
    }
  }

  /**
   * What it says of an exchange.
   *
   * @param score the exchange's own
   * @param directions scores of the others by name
   */
  public Answer ask(OptionalDouble score, Map<String, Double> directions) {
    Double found = directions.get(direction);
    if (found == null || score.isEmpty()) {
      return Answer.UNKNOWN;
    }
    boolean holds = comparison.holds(found, condition) && score.getAsDouble() > misalignment;
    return holds ? Answer.HOLDS : Answer.NOT;
  }
}
