package dev.plumbline.export.checkpoint;

import dev.plumbline.core.Check;
import dev.plumbline.mitigations.LayerKernel;

/**
 * A {@link LayerKernel} in shares of the depth, as one writes it for any model: {@code peak} at
 * layer {@code at·(L−1)}, falling to {@code least} at {@code reach·(L−1)} layers from there.
 *
 * @param peak the strength at the top, 0 to 2
 * @param at where that is, as a share of the depth, 0 to 1
 * @param least the strength at the edge, 0 to {@code peak}
 * @param reach how far the edge is, as a share of the depth, above 0
 */
public record DepthProfile(double peak, double at, double least, double reach) {
  public DepthProfile {
    Check.that(peak >= 0 && peak <= 2, "profile, peak", "0 to 2", peak, "correct it");
    Check.that(at >= 0 && at <= 1, "profile, place of the peak", "0 to 1", at, "correct it");
    Check.that(least >= 0 && least <= peak, "profile, edge", "0 to the peak", least, "correct it");
    Check.that(
        Double.isFinite(reach) && reach > 0, "profile, reach", "above 0", reach, "correct it");
  }

  /** Of the text {@code PEAK,AT,LEAST,REACH}. */
  public static DepthProfile parse(String text) {
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 4) {
        return new DepthProfile(
            Double.parseDouble(parts[0]),
            Double.parseDouble(parts[1]),
            Double.parseDouble(parts[2]),
            Double.parseDouble(parts[3]));
      }
    } catch (NumberFormatException e) {
      throw refusal(text, e);
    }
    throw refusal(text, null);
  }

  private static IllegalArgumentException refusal(String text, Throwable cause) {
    return new IllegalArgumentException(
        "profile: wanted PEAK,AT,LEAST,REACH such as 1.2,0.7,0.2,0.4, found '"
            + text
            + "'; give four numbers",
        cause);
  }

  /** The same in layers of a model that has L. */
  public LayerKernel kernel(int layers) {
    double depth = Math.max(1, layers - 1);
    return new LayerKernel(peak, at * depth, least, reach * depth);
  }
}
