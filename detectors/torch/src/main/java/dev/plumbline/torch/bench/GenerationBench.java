package dev.plumbline.torch.bench;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.mitigations.Writers;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.KvCache;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.runtime.Watch;
import dev.plumbline.torch.runtime.WeightProbe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How fast one answer is generated after a prompt of {@link #PROMPT} tokens: plain; and watched,
 * which is a readout after every layer and an affine ablation, each with its own direction, after
 * every writer. The two run in pairs, the order turned each time, with the roofline beside each
 * pair.
 */
final class GenerationBench {
  private static final int PROMPT = 64;
  private static final int STEPS = 8;

  private final Decoder decoder;
  private final int pairs;

  GenerationBench(Decoder decoder, int pairs) {
    this.decoder = decoder;
    this.pairs = pairs;
  }

  ForwardReport.Generation run() {
    double[] plain = new double[pairs];
    double[] watched = new double[pairs];
    double[] ratio = new double[pairs];
    double[] least = new double[pairs];
    try (Answer bare = new Answer(null, null);
        Answer seen =
            new Answer(
                decoder.watch(List.of(), ReadingBench.readouts(decoder)),
                decoder.edits(List.of(plan())));
        WeightProbe probe = decoder.probe()) {
      bare.steps();
      seen.steps();
      for (int i = 0; i < pairs; i++) {
        boolean first = i % 2 == 0;
        plain[i] = first ? bare.steps() : 0;
        watched[i] = seen.steps();
        plain[i] = first ? plain[i] : bare.steps();
        ratio[i] = plain[i] / watched[i];
        least[i] = roofline(probe, bare.columns());
      }
    }
    return new ForwardReport.Generation(
        1 / Median.of(plain), 1 / Median.of(watched), 1 / Median.of(least), Median.of(ratio));
  }

  private InterventionPlan plan() {
    Map<TapPoint, Intervention> all = new HashMap<>();
    int width = decoder.shape().hidden();
    for (TapPoint point : Writers.of(decoder.shape().layers())) {
      all.put(point, DirectionalAblation.affine(Workload.direction(width, all.size()), 0.1));
    }
    return new InterventionPlan(all, TokenRange.ALL);
  }

  /** Seconds a token at least: its weights and its keys and values once through memory. */
  private double roofline(WeightProbe probe, int columns) {
    var shape = decoder.shape();
    double values = shape.layers() * (double) probe.layerValues() + probe.headValues();
    double products = probe.products(1, shape.layers(), true);
    double bandwidth = probe.bytes() / Math.min(probe.sweep(), products);
    double cached = 2.0 * shape.layers() * shape.kvHeads() * shape.headDim() * columns;
    double bytes = probe.bytes() + decoder.precision().bytes() * cached;
    return new Roofline(bandwidth, 2 * values / products).seconds(bytes, 2 * values);
  }

  /** One answer in the making. */
  private final class Answer implements AutoCloseable {
    private final Watch watch;
    private final Edits edits;
    private final KvCache cache = decoder.cache(new long[1], PROMPT + STEPS * (pairs + 1));
    private long[] token;

    Answer(Watch watch, Edits edits) {
      this.watch = watch;
      this.edits = edits;
      step(new long[][] {Workload.tokens(PROMPT, decoder.vocabulary(), 1)});
    }

    int columns() {
      return cache.used();
    }

    /** Seconds a token over some steps. */
    double steps() {
      long begin = System.nanoTime();
      for (int i = 0; i < STEPS; i++) {
        step(new long[][] {token});
      }
      return (System.nanoTime() - begin) * 1e-9 / STEPS;
    }

    private void step(long[][] tokens) {
      try (Pass pass = decoder.forward(tokens, cache, watch, edits, null, Decoder.Logits.LAST)) {
        if (edits != null) {
          pass.removed();
          pass.readouts();
        }
        token = pass.sample(new Sampling[] {Sampling.GREEDY}, new double[1]);
      }
    }

    @Override
    public void close() {
      cache.close();
      if (edits != null) {
        edits.close();
        watch.close();
      }
    }
  }
}
