package dev.plumbline.core.residual;

import dev.plumbline.core.Check;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A layer and a site: one point of the residual stream where a hidden state can be read or changed.
 *
 * <p>Layers are 0-based. {@code embed} and {@code final_norm} have none: {@link #layer} is −1. The
 * natural order is the order of the forward pass. Text form: {@code embed}, {@code resid_post.3}.
 *
 * @param layer 0-based decoder block, or −1
 * @param site the site
 */
public record TapPoint(int layer, Site site) implements Comparable<TapPoint> {

  /** After the token embedding. */
  public static final TapPoint EMBED = new TapPoint(-1, Site.EMBED);

  /** After the final norm. */
  public static final TapPoint FINAL_NORM = new TapPoint(-1, Site.FINAL_NORM);

  private static final Pattern TEXT = Pattern.compile("([a-z_]+)(?:\\.(\\d{1,6}))?");
  private static final Comparator<TapPoint> FORWARD =
      Comparator.comparingInt(TapPoint::phase)
          .thenComparingInt(TapPoint::layer)
          .thenComparing(TapPoint::site);

  public TapPoint {
    Check.that(
        site.layered() ? layer >= 0 : layer == -1,
        "tap point " + site.wireName(),
        site.layered() ? "a layer of 0 or above" : "no layer (-1)",
        layer,
        "write it as " + (site.layered() ? site.wireName() + ".0" : site.wireName()));
  }

  public static TapPoint residPre(int layer) {
    return new TapPoint(layer, Site.RESID_PRE);
  }

  public static TapPoint residMid(int layer) {
    return new TapPoint(layer, Site.RESID_MID);
  }

  public static TapPoint residPost(int layer) {
    return new TapPoint(layer, Site.RESID_POST);
  }

  /** The tap point of a text such as {@code embed} or {@code resid_post.3}. */
  public static TapPoint parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    Check.that(
        matcher.matches(),
        "tap point",
        "SITE or SITE.LAYER, such as embed or resid_post.3",
        "'" + text + "'",
        "correct the text");
    String layer = matcher.group(2);
    return new TapPoint(layer == null ? -1 : Integer.parseInt(layer), Site.parse(matcher.group(1)));
  }

  /**
   * The same hidden state under its one canonical name: {@code resid_pre.0} is {@code embed},
   * {@code resid_pre.l} is {@code resid_post.(l-1)}, everything else is itself.
   *
   * @param layers L of the model; a layer outside it is refused
   */
  public TapPoint canonical(int layers) {
    requireWithin(layers);
    if (site != Site.RESID_PRE) {
      return this;
    }
    return layer == 0 ? EMBED : residPost(layer - 1);
  }

  /**
   * The position among the 2L+2 canonical states of one forward pass: embed 0, resid_mid l 1+2l,
   * resid_post l 2+2l, final_norm 2L+1.
   */
  public int streamIndex(int layers) {
    TapPoint point = canonical(layers);
    return switch (point.site) {
      case EMBED -> 0;
      case RESID_MID -> 1 + 2 * point.layer;
      case RESID_POST -> 2 + 2 * point.layer;
      case FINAL_NORM -> 2 * layers + 1;
      case RESID_PRE -> throw new AssertionError("canonical() left " + point);
    };
  }

  /** The inverse of {@link #streamIndex}. */
  public static TapPoint fromStreamIndex(int index, int layers) {
    Check.that(
        index >= 0 && index <= 2 * layers + 1,
        "stream index of a model of " + layers + " layers",
        "0 to " + (2 * layers + 1),
        index,
        "correct the index");
    if (index == 0) {
      return EMBED;
    }
    if (index == 2 * layers + 1) {
      return FINAL_NORM;
    }
    int layer = (index - 1) / 2;
    return index % 2 == 1 ? residMid(layer) : residPost(layer);
  }

  private void requireWithin(int layers) {
    Check.that(
        layer < layers,
        "tap point " + this,
        "a layer below " + layers,
        layer,
        "use the model the tap point was written for");
  }

  private int phase() {
    return switch (site) {
      case EMBED -> 0;
      case FINAL_NORM -> 2;
      default -> 1;
    };
  }

  @Override
  public int compareTo(TapPoint other) {
    return FORWARD.compare(this, other);
  }

  @Override
  public String toString() {
    return site.layered() ? site.wireName() + "." + layer : site.wireName();
  }
}
