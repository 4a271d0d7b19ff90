package dev.plumbline.core;

/**
 * Refusals in four parts: where, wanted, found, what to do.
 *
 * <p>Every record of this module defends itself with these, so a bad value is reported where it is
 * made and not where it is used.
 */
public final class Check {

  private Check() {}

  /** A refusal to throw: {@code where: wanted W, found F; DO}. */
  public static IllegalArgumentException refusal(
      String where, String wanted, Object found, String action) {
    return new IllegalArgumentException(
        where + ": wanted " + wanted + ", found " + found + "; " + action);
  }

  /** Throws the refusal unless {@code holds}. */
  public static void that(boolean holds, String where, String wanted, Object found, String action) {
    if (!holds) {
      throw refusal(where, wanted, found, action);
    }
  }

  /** Returns {@code value} if it is neither NaN nor infinite. */
  public static double finite(double value, String where) {
    that(Double.isFinite(value), where, "a finite number", value, "look for the NaN's source");
    return value;
  }

  /** Returns {@code value} if it is finite and above zero. */
  public static double positive(double value, String where) {
    that(
        Double.isFinite(value) && value > 0,
        where,
        "a finite number above 0",
        value,
        "measure it again on more data");
    return value;
  }

  /** Returns {@code value} if it lies strictly between 0 and 1. */
  public static double openUnit(double value, String where) {
    that(value > 0 && value < 1, where, "a number in (0, 1)", value, "give it as a share");
    return value;
  }

  /** Returns {@code value} if every element is finite; read, not kept. */
  public static float[] finite(float[] value, String where) {
    for (int i = 0; i < value.length; i++) {
      that(
          Float.isFinite(value[i]),
          where + "[" + i + "]",
          "a finite number",
          value[i],
          "look for the NaN's source");
    }
    return value;
  }

  /** Returns {@code value} if it has a character that is not white space. */
  public static String text(String value, String where) {
    that(value != null && !value.isBlank(), where, "a text", "none", "fill it in");
    return value;
  }

  /** Throws unless two sizes agree. */
  public static void size(int wanted, int found, String where) {
    that(
        wanted == found,
        where,
        "size " + wanted,
        found,
        "use the model the direction was learned on");
  }
}
