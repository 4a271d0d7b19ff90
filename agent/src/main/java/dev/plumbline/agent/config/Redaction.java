package dev.plumbline.agent.config;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What {@code record.redact} can name, in the order it is applied: the more certain first. */
enum Redaction {
  KEY(
      "-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\\s\\S]{0,8192}?-----END [A-Z ]{0,20}PRIVATE KEY-----"
          + "|(?i:\\bbearer\\s{1,4})[A-Za-z0-9._~+/=-]{16,2048}"
          + "|\\b(?:sk|pk|rk|ghp|gho|ghs|github_pat|xox[abpr]|hf|glpat)[_-][A-Za-z0-9_-]{12,512}"
          + "|\\b(?:AKIA|ASIA|AIza)[A-Za-z0-9_-]{12,64}"
          + "|\\beyJ[A-Za-z0-9_-]{10,4096}\\.[A-Za-z0-9_-]{4,4096}(?:\\.[A-Za-z0-9_-]{0,4096})?"),
  EMAIL("\\b[A-Za-z0-9._%+-]{1,64}+@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}"),
  CARD("(?<![\\w.])\\d{4}(?:[ -]?\\d{4}){2}[ -]?\\d{1,7}(?!\\w)"),
  PHONE("(?<![\\w.])(?:\\+|\\()?\\d(?:[ ()/-]{0,2}\\d){7,14}(?!\\w)");

  private final Pattern pattern;

  Redaction(String pattern) {
    this.pattern = Pattern.compile(pattern);
  }

  static String words() {
    return String.join(", ", Arrays.stream(values()).map(Redaction::word).toList());
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Names such as {@code email,phone}; {@code off} for none.
   *
   * @throws IllegalArgumentException if one is unknown
   */
  static List<Redaction> parse(String text) {
    List<Redaction> found = new ArrayList<>();
    if (!text.equals("off")) {
      List<String> names = Arrays.stream(text.split(",", -1)).map(String::trim).toList();
      for (String name : names) {
        Check.that(
            Arrays.stream(values()).anyMatch(each -> each.word().equals(name)),
            "record.redact",
            "of " + words(),
            "'" + name + "'",
            "name patterns, or off");
      }
      for (Redaction each : values()) {
        if (names.contains(each.word())) {
          found.add(each);
        }
      }
    }
    return found;
  }

  /** The patterns of a configuration, its own first. */
  static Map<String, Pattern> of(Values values) {
    Map<String, Pattern> patterns =
        new LinkedHashMap<>(values.all(Family.RECORD_PATTERN, Pattern.class));
    for (Object each : values.get(Key.RECORD_REDACT, List.class)) {
      patterns.put(((Redaction) each).word(), ((Redaction) each).pattern);
    }
    return patterns;
  }
}
