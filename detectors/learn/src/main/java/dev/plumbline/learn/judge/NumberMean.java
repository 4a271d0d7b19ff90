package dev.plumbline.learn.judge;

import dev.plumbline.learn.endpoint.TopToken;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.judge.RoleScore.Scored;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The score in a judge's likeliest tokens: {@code Σ p(k)·k / Σ p(k)} over those that are a whole
 * number from 0 to 100, blanks around it aside; none where {@code Σ p(k) < 0.25}. A token is a
 * number as a whole or not at all: {@code 10} holds no 0 and no 1.
 */
public final class NumberMean {
  /** Numbers must have this much probability. */
  public static final double LEAST_MASS = 0.25;

  private static final int HIGHEST = 100;
  private static final double PARTS = 1e9;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,3}");

  private NumberMean() {}

  /** The score of a reply's first place. */
  public static RoleScore of(List<TopToken> top) {
    if (top.isEmpty()) {
      return new None(Reason.NO_LOGPROBS, "the reply has no top_logprobs");
    }
    double mass = 0;
    double sum = 0;
    boolean digits = true;
    for (TopToken token : top) {
      OptionalInt number = number(token.token());
      if (number.isPresent()) {
        mass += token.probability();
        sum += token.probability() * number.getAsInt();
        digits &= number.getAsInt() < 10;
      }
    }
    if (!(mass >= LEAST_MASS)) {
      return new None(Reason.FEW_NUMBERS, few(mass, top));
    }
    // Rounded, or a lone 30 of probability 0.9 would come out above 30 and fall out of a bound.
    double mean = Math.rint(sum / mass * PARTS) / PARTS;
    return new Scored(Math.min(HIGHEST, mean), mass, digits);
  }

  /** The number a token is. */
  static OptionalInt number(String token) {
    String bare = token.strip();
    if (!NUMBER.matcher(bare).matches() || Integer.parseInt(bare) > HIGHEST) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(bare));
  }

  private static String few(double mass, List<TopToken> top) {
    return String.format(
        Locale.ROOT,
        "numbers have %.3f of the probability; the likeliest token is '%s'",
        mass,
        top.get(0).token());
  }
}
