package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Layers an ablation acts in.
 *
 * @param name as it was given: {@code all}, {@code lower}, {@code middle} or {@code upper}
 *     (thirds), {@code 4} or {@code 4-7}
 * @param from first layer, 0-based
 * @param to last layer
 * @param embed whether the embedding is among it: in {@code all} and {@code lower}
 */
record LayerSet(String name, int from, int to, boolean embed) {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

  /** Reads one for a model of L layers. */
  static LayerSet parse(String text, int layers) {
    int third = Math.max(1, layers / 3);
    return switch (text) {
      case "all" -> new LayerSet(text, 0, layers - 1, true);
      case "lower" -> new LayerSet(text, 0, third - 1, true);
      case "middle" ->
          new LayerSet(
              text, Math.min(third, layers - 1), Math.max(layers - third - 1, third), false);
      case "upper" -> new LayerSet(text, layers - third, layers - 1, false);
      default -> range(text, layers);
    };
  }

  private static LayerSet range(String text, int layers) {
    Matcher matcher = RANGE.matcher(text);
    boolean form = matcher.matches();
    int from = form ? Integer.parseInt(matcher.group(1)) : 0;
    int to = form && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : from;
    Check.that(
        form && from <= to && to < layers,
        "--layers",
        "all, lower, middle, upper, N or N-M of the model's layers 0 to " + (layers - 1),
        text,
        "correct it");
    return new LayerSet(text, from, to, false);
  }

  /** Whether a tap point is among it. */
  boolean contains(TapPoint point) {
    return point.equals(TapPoint.EMBED) ? embed : point.layer() >= from && point.layer() <= to;
  }
}
