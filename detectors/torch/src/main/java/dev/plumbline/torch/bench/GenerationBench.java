package dev.plumbline.torch.bench;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.UnitBootstrap;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * How fast one answer is generated after a prompt of {@link #PROMPT} tokens: plain; and watched,
 * which is a readout after every layer and an affine ablation, each with its own direction, after
 * every writer. Each round measures plain twice and watched once, in an order drawn anew, with the
 * roofline beside it; plain against itself is the floor: what of a difference is the machine's.
 */
final class GenerationBench {
  private static final int PROMPT = 64;
  private static final int STEPS = 8;
  private static final int DRAWS = 2000;

  private final Decoder decoder;
  private final int pairs;

  GenerationBench(Decoder decoder, int pairs) {
    this.decoder = decoder;
    this.pairs = pairs;
  }

  ForwardReport.Generation run() {
    double[][] seconds = new double[3][pairs];
    double[] least = new double[pairs];
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
    Random random = new Random(1);
    try (Answer plain = new Answer(null, null);
        Answer again = new Answer(null, null);
        Answer watched =
            new Answer(
                decoder.watch(List.of(), ReadingBench.readouts(decoder)),
                decoder.edits(List.of(plan())));
        WeightProbe probe = decoder.probe()) {
      List<Answer> all = List.of(plain, again, watched);
      all.forEach(Answer::steps);
      for (int i = 0; i < pairs; i++) {
        Collections.shuffle(order, random);
        for (int which : order) {
          seconds[which][i] = all.get(which).steps();
        }
        least[i] = roofline(probe, plain.columns());
      }
    }
    return report(seconds[0], seconds[1], seconds[2], least);
  }

  private ForwardReport.Generation report(
      double[] plain, double[] again, double[] watched, double[] least) {
    UnitBootstrap bootstrap = new UnitBootstrap(pairs, DRAWS, 1);
    return new ForwardReport.Generation(
        1 / Median.of(plain),
        1 / Median.of(watched),
        1 / Median.of(least),
        bootstrap.estimate(units -> median(units, i -> (plain[i] + again[i]) / 2 / watched[i])),
        bootstrap.estimate(units -> median(units, i -> plain[i] / again[i])));
  }

  private static double median(int[] units, IntToDoubleFunction figure) {
    return Median.of(Arrays.stream(units).mapToDouble(figure).toArray());
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
