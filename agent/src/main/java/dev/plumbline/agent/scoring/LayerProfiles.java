package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.TokenScores;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * At which layers a model's answers lean, pooled over traffic: a mean that forgets of each layer's
 * projection. Fed by what is read for {@code tokens.layers} anyway; where that is off there is no
 * series and no work. Of a deep model {@value #MOST} layers are shown, evenly chosen with the first
 * and the last, for their number multiplies the series. Not thread-safe.
 */
final class LayerProfiles {
  static final int MOST = 16;

  private final Meters meters;
  private final Map<Series, RecentMean> means = new HashMap<>();

  private record Series(String model, String direction, String layer) {
    String[] labels() {
      return new String[] {model, direction, layer};
    }
  }

  LayerProfiles(Meters meters) {
    this.meters = meters;
  }

  /**
   * One answer's profile.
   *
   * @param model its label, of few values
   * @param layers in their order; may be empty
   */
  void add(String model, String direction, List<TokenScores.Layer> layers) {
    int shown = Math.min(MOST, layers.size());
    for (int i = 0; i < shown; i++) {
      TokenScores.Layer layer = layers.get(place(i, shown, layers.size()));
      if (Double.isFinite(layer.z())) {
        Series series = new Series(model, direction, number(layer));
        means.computeIfAbsent(series, this::begin).add(layer.z());
      }
    }
  }

  /** Begins anew: what comes is measured along another direction, be its name the same. */
  void forget() {
    means.keySet().forEach(each -> meters.forgetGauge(Meter.LAYER_PROJECTION, each.labels()));
    means.clear();
  }

  private static int place(int i, int shown, int all) {
    return shown == all ? i : (int) Math.round((double) i * (all - 1) / (shown - 1));
  }

  /** {@code 3} of {@code resid_post.3}: all are of one site. */
  private static String number(TokenScores.Layer layer) {
    return layer.point().substring(layer.point().lastIndexOf('.') + 1);
  }

  private RecentMean begin(Series series) {
    RecentMean mean = new RecentMean();
    meters.amount(Meter.LAYER_PROJECTION, mean::value, series.labels());
    return mean;
  }
}
