package dev.plumbline.core.pooling;

import dev.plumbline.core.Check;
import java.util.function.IntFunction;

/**
 * How the readouts of an answer's tokens become one number. Pure data; {@link #start} makes the
 * state for one answer. Text form: {@code running_mean}, {@code exponential_mean.16}, {@code
 * sliding_maximum.8}, {@code last_prompt_token}.
 */
public sealed interface Pooling
    permits RunningMean, ExponentialMean, SlidingMaximum, LastPromptToken {

  /** A fresh state for one answer. */
  Pool start();

  /** The text form, read back by {@link #parse}. */
  String wireName();

  /** The pooling of a text form. */
  static Pooling parse(String text) {
    if (text.equals(RunningMean.NAME)) {
      return new RunningMean();
    }
    if (text.equals(LastPromptToken.NAME)) {
      return new LastPromptToken();
    }
    if (text.startsWith(ExponentialMean.PREFIX)) {
      return sized(text, ExponentialMean.PREFIX, ExponentialMean::new);
    }
    if (text.startsWith(SlidingMaximum.PREFIX)) {
      return sized(text, SlidingMaximum.PREFIX, SlidingMaximum::new);
    }
    throw unknown(text);
  }

  private static Pooling sized(String text, String prefix, IntFunction<Pooling> constructor) {
    String digits = text.substring(prefix.length());
    if (!digits.matches("\\d{1,6}")) {
      throw unknown(text);
    }
    return constructor.apply(Integer.parseInt(digits));
  }

  private static IllegalArgumentException unknown(String text) {
    return Check.refusal(
        "pooling",
        "running_mean, exponential_mean.N, sliding_maximum.N or last_prompt_token",
        "'" + text + "'",
        "correct the name");
  }
}
