package dev.plumbline.agent.origin;

/**
 * Proof that an intervention happened.
 *
 * @param tokensTouched hidden states changed, counted where they were changed
 * @param meanRemoved mean |h·d| that was taken out, in residual units
 */
public record Receipt(long tokensTouched, double meanRemoved) {
  /** Nothing was changed. */
  public static final Receipt NONE = new Receipt(0, 0);

  public Receipt {
    if (tokensTouched < 0 || !(meanRemoved >= 0)) {
      throw new IllegalArgumentException(
          "wanted counts of at least 0, found " + tokensTouched + ", " + meanRemoved);
    }
  }
}
