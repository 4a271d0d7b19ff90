package dev.plumbline.learn.statistics;

import java.util.Locale;

/** What counts once in a mean over answers. */
public enum Weighting {
  /** Each answer token; what the published directions use. */
  TOKENS,
  /** Each answer. */
  ANSWERS;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
