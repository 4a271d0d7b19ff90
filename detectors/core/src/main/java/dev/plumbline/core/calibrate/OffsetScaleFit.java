package dev.plumbline.core.calibrate;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.pooling.Pool;
import dev.plumbline.core.pooling.Pooling;
import dev.plumbline.core.stats.MeanAccumulator;
import java.util.ArrayList;
import java.util.List;

/** Measures an {@link OffsetScale} on aligned answers. */
public final class OffsetScaleFit {

  private OffsetScaleFit() {}

  /**
   * The scale up to the last offset that {@code fewest} answers reach.
   *
   * @param pooling the probe's
   * @param answers readouts of each aligned answer, one per token; read, not kept
   * @param fewest answers an offset must have, 2 or more
   */
  public static OffsetScale fit(Pooling pooling, List<double[]> answers, int fewest) {
    Check.that(fewest >= 2, "fewest answers per offset", "2 or more", fewest, "raise it");
    List<MeanAccumulator> offsets = accumulate(pooling, answers);
    List<MeanAccumulator> enough = offsets.stream().filter(o -> o.count() >= fewest).toList();
    Check.that(
        !enough.isEmpty(),
        "offset scale",
        fewest + " or more answers with a token",
        offsets.isEmpty() ? 0 : offsets.get(0).count(),
        "collect more aligned answers");
    return new OffsetScale(
        enough.stream().mapToDouble(o -> o.mean()[0]).toArray(),
        enough.stream().mapToDouble(o -> o.standardDeviation()[0]).toArray());
  }

  private static List<MeanAccumulator> accumulate(Pooling pooling, List<double[]> answers) {
    List<MeanAccumulator> offsets = new ArrayList<>();
    for (double[] readouts : answers) {
      Pool pool = pooling.start();
      for (int i = 0; i < readouts.length; i++) {
        if (i == offsets.size()) {
          offsets.add(new MeanAccumulator(1));
        }
        offsets.get(i).add(pool.add(Check.finite(readouts[i], "readout")));
      }
    }
    return offsets;
  }
}
