package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How strongly a direction is taken out at each residual writer: one kernel over the attentions,
 * one over the feed-forwards, the embedding left alone.
 *
 * <p>On weights a strength w means {@code W' = W − w·d(dᵀW)} of that writer, which takes w of what
 * <em>this writer</em> writes. In the forward pass it takes w of all that lies in the stream at
 * that point. The two are equal only where every strength is 1 from the embedding on.
 *
 * @param attention strengths at {@code resid_mid}
 * @param feedForward strengths at {@code resid_post}
 */
public record AblationProfile(LayerKernel attention, LayerKernel feedForward) {

  public AblationProfile {
    Objects.requireNonNull(attention, "attention");
    Objects.requireNonNull(feedForward, "feedForward");
  }

  /** The same for both. */
  public static AblationProfile of(LayerKernel kernel) {
    return new AblationProfile(kernel, kernel);
  }

  /** The strength at a canonical tap point; 0 where nothing is taken out. */
  public double strength(TapPoint point) {
    return switch (point.site()) {
      case RESID_MID -> attention.strength(point.layer());
      case RESID_POST -> feedForward.strength(point.layer());
      default -> 0;
    };
  }

  /** The strengths above 0 of a model of L layers, in forward order; at least one. */
  public Map<TapPoint, Double> strengths(int layers) {
    TreeMap<TapPoint, Double> all = new TreeMap<>();
    for (TapPoint writer : Writers.of(layers)) {
      if (strength(writer) > 0) {
        all.put(writer, strength(writer));
      }
    }
    Check.that(
        !all.isEmpty(),
        "ablation profile of a model of " + layers + " layers",
        "a strength above 0 at one of them",
        "none",
        "move its position, or widen its distance");
    return Collections.unmodifiableMap(all);
  }
}
