package dev.plumbline.core.residual;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Locale;

/** A place in the residual stream. Three of them repeat in every layer, two stand alone. */
public enum Site {
  /** After the token embedding, before layer 0. */
  EMBED(false),
  /** Before a layer; the same state as the previous layer's {@link #RESID_POST}. */
  RESID_PRE(true),
  /** Inside a layer: attention added, feed-forward not yet. */
  RESID_MID(true),
  /** After a layer, before the final norm even for the last one. */
  RESID_POST(true),
  /** After the final norm: what the head reads. Not part of the running sum. */
  FINAL_NORM(false);

  private final boolean layered;

  Site(boolean layered) {
    this.layered = layered;
  }

  /** Whether a tap point here names a layer. */
  public boolean layered() {
    return layered;
  }

  /** The name in files and requests, such as {@code resid_post}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The site of a wire name; case matters. */
  public static Site parse(String wireName) {
    return Arrays.stream(values())
        .filter(site -> site.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(
            () ->
                Check.refusal(
                    "site",
                    "one of embed, resid_pre, resid_mid, resid_post, final_norm",
                    "'" + wireName + "'",
                    "correct the name"));
  }
}
