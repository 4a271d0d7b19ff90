package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Locale;

/** Which way along a direction is worse. Written down because the field has no convention. */
public enum Sign {
  /** The only one an {@link Artefact} accepts. */
  POSITIVE_IS_MISALIGNED,
  /** Seen in imported directions; negate them first. */
  POSITIVE_IS_ALIGNED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sign of a wire name. */
  public static Sign parse(String wireName) {
    return Arrays.stream(values())
        .filter(sign -> sign.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(
            () ->
                Check.refusal(
                    "sign",
                    "positive_is_misaligned or positive_is_aligned",
                    "'" + wireName + "'",
                    "correct the name"));
  }
}
