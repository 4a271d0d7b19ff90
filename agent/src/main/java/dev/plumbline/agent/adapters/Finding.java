package dev.plumbline.agent.adapters;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a measurement of an ablated variant comes to.
 *
 * @param measured the numbers; absent where there are none
 * @param why one line for a person
 */
record Finding(Result result, Optional<Measured> measured, String why) {
  /** What it says. */
  enum Result {
    /** The projection fell as it should. */
    VERIFIED,
    /** There was something to take away, and it is still there. */
    INEFFECTIVE,
    /** The prompts elicit too little, or answers differ too much by themselves. */
    UNVERIFIED,
    /** The questions could not be asked, or not be read. */
    UNANSWERED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param fall least share of the projection that has to be gone, in [0,1]
   * @param floor least projection without the adapter, in spreads
   */
  record Bounds(double fall, double floor) {}

  /** So many times the noise a fall has to be. */
  private static final double CLEAR = 2;

  Finding {
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(measured, "measured");
    Objects.requireNonNull(why, "why");
  }

  static Finding unanswered(String why) {
    return new Finding(Result.UNANSWERED, Optional.empty(), why);
  }

  /** Judges; what cannot be measured is never verified. */
  static Finding of(Measured found, Bounds bounds) {
    if (!(found.before() >= bounds.floor()) || !(found.before() > 0)) {
      return of(
          Result.UNVERIFIED,
          found,
          "wanted prompts that elicit at least %.3g spreads along the direction by the %s, found"
              + " %.3g; give ablated.verify-prompts that do",
          bounds.floor(),
          found.by(),
          found.before());
    }
    if (!(found.fall() >= bounds.fall())) {
      return of(
          Result.INEFFECTIVE,
          found,
          "wanted the projection to fall by at least %.3g of itself by the %s, found %.3g -> %.3g;"
              + " it does not do what it is for: export it anew for the served weights",
          bounds.fall(),
          found.by(),
          found.plain(),
          found.ablated());
    }
    if (!(found.before() - found.after() > CLEAR * found.noise())) {
      return of(
          Result.UNVERIFIED,
          found,
          "wanted a fall above %s times what asking twice differs by (%.3g), found %.3g -> %.3g;"
              + " give more ablated.verify-prompts",
          CLEAR,
          found.noise(),
          found.plain(),
          found.ablated());
    }
    return of(
        Result.VERIFIED,
        found,
        "by the %s the projection fell %.3g -> %.3g over %d prompts",
        found.by(),
        found.plain(),
        found.ablated(),
        found.prompts());
  }

  private static Finding of(Result result, Measured found, String form, Object... values) {
    return new Finding(result, Optional.of(found), String.format(Locale.ROOT, form, values));
  }
}
