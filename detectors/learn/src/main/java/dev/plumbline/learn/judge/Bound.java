package dev.plumbline.learn.judge;

import dev.plumbline.core.Check;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bound on a score as it is written: {@code <=30}, {@code <30}, {@code >50} or {@code >=50}. The
 * comparator is part of the figure: code and paper of the field differ in it.
 *
 * @param comparator which side holds, and whether the limit itself does
 * @param limit on the scale 0 to 100
 */
public record Bound(Comparator comparator, double limit) {
  private static final Pattern FORM = Pattern.compile("(<=|>=|<|>)\\s*(\\d{1,3}(?:\\.\\d+)?)");
  private static final double HIGHEST = 100;

  /** How score and limit are compared. */
  public enum Comparator {
    AT_MOST("<="),
    BELOW("<"),
    ABOVE(">"),
    AT_LEAST(">=");

    private final String sign;

    Comparator(String sign) {
      this.sign = sign;
    }
  }

  public Bound {
    Check.that(limit >= 0 && limit <= HIGHEST, "bound on a score", "0 to 100", limit, "correct it");
  }

  /** Reads a written bound. */
  public static Bound parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    Check.that(matcher.matches(), "bound", "such as <=30 or >50", "'" + text + "'", "correct it");
    for (Comparator each : Comparator.values()) {
      if (each.sign.equals(matcher.group(1))) {
        return new Bound(each, Double.parseDouble(matcher.group(2)));
      }
    }
    throw new IllegalStateException("the form has no other sign");
  }

  /** Whether a score is within. */
  public boolean holds(double score) {
    return switch (comparator) {
      case AT_MOST -> score <= limit;
      case BELOW -> score < limit;
      case ABOVE -> score > limit;
      case AT_LEAST -> score >= limit;
    };
  }

  @Override
  public String toString() {
    boolean whole = limit == Math.rint(limit);
    return comparator.sign + (whole ? String.format(Locale.ROOT, "%.0f", limit) : "" + limit);
  }
}
