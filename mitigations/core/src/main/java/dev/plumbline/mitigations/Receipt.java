package dev.plumbline.mitigations;

import dev.plumbline.core.Check;

/**
 * Proof that an intervention ran: how many token states it went over and how much it changed. A
 * plan that did nothing shows as {@code tokens = 0}, one whose direction is not in the states as
 * {@code removed = 0}.
 *
 * @param tokens token states gone over, one per token and tap point
 * @param removed Σ |p' − p| in residual units
 * @param largest max |p' − p|
 */
public record Receipt(long tokens, double removed, double largest) {

  /** Nothing was touched. */
  public static final Receipt NONE = new Receipt(0, 0, 0);

  public Receipt {
    Check.that(tokens >= 0, "receipt tokens", "0 or more", tokens, "check the count");
    Check.finite(removed, "receipt removed");
    Check.finite(largest, "receipt largest");
    Check.that(
        largest >= 0 && (tokens > 0 || (removed == 0 && largest == 0)),
        "receipt",
        "no change where no token was touched, none negative",
        tokens + " tokens, removed " + removed + ", largest " + largest,
        "sum the absolute changes");
    Check.that(
        removed >= 0 && (largest == 0) == (removed == 0),
        "receipt",
        "a sum and a maximum of the same changes",
        "removed " + removed + ", largest " + largest,
        "sum the absolute changes");
  }

  /** The receipt of one token state whose projection changed by {@code change}. */
  public static Receipt ofToken(double change) {
    return new Receipt(1, Math.abs(change), Math.abs(change));
  }

  /** Both together. */
  public Receipt merge(Receipt other) {
    return new Receipt(
        tokens + other.tokens, removed + other.removed, Math.max(largest, other.largest));
  }

  /** Whether the intervention ran on at least one token state. */
  public boolean applied() {
    return tokens > 0;
  }
}
