package dev.plumbline.torch.bench;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import dev.plumbline.torch.runtime.WeightProbe;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How fast texts of {@link #TOKENS} tokens become hidden states, read out after every layer. Its
 * roofline counts the layers' products and the causal half of attention's.
 */
final class ReadingBench {
  /** T. */
  static final int TOKENS = 512;

  private final Decoder decoder;
  private final int batch;
  private final int repeats;

  ReadingBench(Decoder decoder, int batch, int repeats) {
    this.decoder = decoder;
    this.batch = batch;
    this.repeats = repeats;
  }

  /** Passes and rooflines in turns, the median of each. */
  ForwardReport.Reading run() {
    double[] taken = new double[repeats];
    double[] least = new double[repeats];
    long[][] tokens = tokens();
    try (Watch watch = decoder.watch(List.of(), readouts(decoder));
        WeightProbe probe = decoder.probe()) {
      pass(tokens, watch);
      roofline(probe);
      for (int i = 0; i < repeats; i++) {
        long begin = System.nanoTime();
        pass(tokens, watch);
        taken[i] = (System.nanoTime() - begin) * 1e-9;
        least[i] = roofline(probe);
      }
    }
    int all = batch * TOKENS;
    return new ForwardReport.Reading(all / Median.of(taken), all / Median.of(least));
  }

  private long[][] tokens() {
    return IntStream.range(0, batch)
        .mapToObj(row -> Workload.tokens(TOKENS, decoder.vocabulary(), row))
        .toArray(long[][]::new);
  }

  private void pass(long[][] tokens, Watch watch) {
    try (Pass pass = decoder.forward(tokens, null, watch, null, null, Decoder.Logits.NONE)) {
      pass.readouts();
    }
  }

  /** One readout after each layer. */
  static List<Readout> readouts(Decoder decoder) {
    return IntStream.range(0, decoder.shape().layers())
        .mapToObj(
            layer ->
                Readout.projection(
                    "layer " + layer,
                    TapPoint.residPost(layer),
                    Workload.direction(decoder.shape().hidden(), layer)))
        .toList();
  }

  private double roofline(WeightProbe probe) {
    int layers = Math.min(4, decoder.shape().layers());
    double rows = batch * (double) TOKENS;
    double rate =
        2 * rows * layers * probe.layerValues() / probe.products((int) rows, layers, false);
    double bandwidth = probe.bytes() / probe.sweep();
    int all = decoder.shape().layers();
    double bytes = probe.bytes() - decoder.precision().bytes() * (double) probe.headValues();
    double attention =
        2.0 * TOKENS * decoder.shape().heads() * decoder.shape().headDim() * rows * all;
    return new Roofline(bandwidth, rate)
        .seconds(bytes, 2 * rows * all * probe.layerValues() + attention);
  }
}
