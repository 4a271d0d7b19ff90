package dev.plumbline.agent.embedded;

import dev.plumbline.agent.config.KeptTokens;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.Site;
import java.util.ArrayList;
import java.util.List;

/**
 * What is kept of an answer's tokens, and where it stands among the engine's readouts.
 *
 * @param judging index of the readout that judges
 * @param mean aligned mean of that readout over an answer
 * @param spread aligned spread of a single token's
 * @param tokens of one answer, at most
 * @param text whether their texts are kept
 * @param layers the profile's places; empty for none
 */
record Keep(
    int judging, double mean, double spread, int tokens, boolean text, List<LayerPlace> layers) {
  Keep {
    layers = List.copyOf(layers);
  }

  /** One layer's direction and the index of its projection. */
  record LayerPlace(TapDirection tap, int readout) {
    double z(double meanProjection) {
      return (meanProjection - tap.alignedMean()) / tap.alignedSpread();
    }
  }

  /**
   * Of the direction that judges.
   *
   * @param readouts the engine's, to which the layers' projections are added where they are wanted
   */
  static Keep of(Direction main, KeptTokens asked, List<Readout> readouts) {
    OffsetScale scale = main.artefact().probe().scale();
    double[] means = scale.means();
    return new Keep(
        main.first(),
        means[means.length - 1],
        scale.spreads()[0],
        asked.each(),
        asked.text(),
        asked.layers() ? layers(main.artefact(), readouts) : List.of());
  }

  private static List<LayerPlace> layers(Artefact artefact, List<Readout> readouts) {
    List<LayerPlace> places = new ArrayList<>();
    for (TapDirection tap : artefact.directions()) {
      if (tap.tapPoint().site() == Site.RESID_POST) {
        places.add(new LayerPlace(tap, readouts.size()));
        readouts.add(Readout.projection("layer", tap.tapPoint(), tap.direction()));
      }
    }
    return places;
  }
}
