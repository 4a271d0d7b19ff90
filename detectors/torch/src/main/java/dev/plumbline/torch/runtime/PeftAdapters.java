package dev.plumbline.torch.runtime;

import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.checkpoint.Weight;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Between PEFT's one pair of factors a module and the program's fused products. */
public final class PeftAdapters {
  private static final Map<LoraSlot, List<Weight>> MODULES =
      Map.of(
          LoraSlot.QKV, List.of(Weight.Q, Weight.K, Weight.V),
          LoraSlot.OUT, List.of(Weight.O),
          LoraSlot.GATE_UP, List.of(Weight.GATE, Weight.UP),
          LoraSlot.DOWN, List.of(Weight.DOWN));

  private PeftAdapters() {}

  /** The fused form of an adapter for a base of this configuration. */
  public static LoraWeights fuse(PeftAdapter adapter, ModelConfig config) {
    Map<LoraWeights.Key, LoraWeights.Part> parts = new HashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LoraSlot slot : LoraSlot.values()) {
        Fusion fusion = new Fusion(adapter, config, layer, MODULES.get(slot));
        if (fusion.ranks > 0) {
          parts.put(new LoraWeights.Key(layer, slot), fusion.part());
        }
      }
    }
    return new LoraWeights(
        adapter.scaling(),
        parts,
        adapter
            .embedding()
            .map(change -> new LoraWeights.Part(change.rank(), change.a(), change.b())));
  }

  /**
   * Which entries of a fused B are some module's own, by part: 1 there, 0 elsewhere, {@code
   * [out,rank]}. Parts of one module that fills its product have none: there all are.
   */
  public static Map<LoraWeights.Key, float[]> patterns(PeftAdapter adapter, ModelConfig config) {
    Map<Target, LowRank> ones = new TreeMap<>();
    adapter
        .changes()
        .forEach(
            (target, change) -> {
              float[] b = new float[change.b().length];
              Arrays.fill(b, 1);
              ones.put(
                  target, new LowRank(change.in(), change.out(), change.rank(), change.a(), b));
            });
    PeftAdapter marked =
        new PeftAdapter(adapter.rank(), adapter.alpha(), adapter.rankStabilised(), ones);
    Map<LoraWeights.Key, float[]> patterns = new HashMap<>();
    fuse(marked, config)
        .parts()
        .forEach(
            (key, part) -> {
              if (MODULES.get(key.slot()).size() > 1) {
                patterns.put(key, part.b());
              }
            });
    return patterns;
  }

  /**
   * The fused form taken apart again.
   *
   * @param like an adapter with the same rank, scaling and targets, whose values are not read
   * @throws IllegalArgumentException if a fused B holds something outside its modules' own blocks,
   *     which PEFT could not express
   */
  public static PeftAdapter unfuse(LoraWeights weights, PeftAdapter like, ModelConfig config) {
    requireNoEmbedding(weights);
    Map<Target, LowRank> changes = new TreeMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LoraSlot slot : LoraSlot.values()) {
        Fusion fusion = new Fusion(like, config, layer, MODULES.get(slot));
        LoraWeights.Part part = weights.parts().get(new LoraWeights.Key(layer, slot));
        if ((part == null ? 0 : part.rank()) != fusion.ranks) {
          throw new IllegalArgumentException(
              "adapter, layer "
                  + layer
                  + " "
                  + slot
                  + ": wanted a part of rank "
                  + fusion.ranks
                  + ", found "
                  + (part == null ? "none" : part.rank())
                  + "; take it apart as it was fused");
        }
        if (part != null) {
          changes.putAll(fusion.apart(part));
        }
      }
    }
    return new PeftAdapter(like.rank(), like.alpha(), like.rankStabilised(), changes);
  }

  /**
   * An adapter whose fused products are single modules ({@code o_proj}, {@code down_proj}) as PEFT
   * writes it.
   */
  public static PeftAdapter unfuse(LoraWeights weights, int rank, double alpha) {
    requireNoEmbedding(weights);
    Map<Target, LowRank> changes = new TreeMap<>();
    weights
        .parts()
        .forEach(
            (key, part) -> {
              if (key.slot() == LoraSlot.QKV || key.slot() == LoraSlot.GATE_UP) {
                throw new IllegalArgumentException(
                    "adapter: wanted o_proj and down_proj only, found a trained "
                        + key.slot()
                        + "; train those two");
              }
              Weight weight = key.slot() == LoraSlot.OUT ? Weight.O : Weight.DOWN;
              changes.put(
                  new Target(key.layer(), weight),
                  new LowRank(part.in(), part.out(), part.rank(), part.a(), part.b()));
            });
    return new PeftAdapter(rank, alpha, false, changes);
  }

  private static void requireNoEmbedding(LoraWeights weights) {
    if (weights.embedding().isPresent()) {
      throw new IllegalArgumentException(
          "adapter: wanted trained projections, found a change of the embedding, which is never"
              + " trained; train without it");
    }
  }

  /** A's rows stacked, B block-diagonal. */
  private static final class Fusion {
    private final PeftAdapter adapter;
    private final int layer;
    private final List<Weight> modules;
    private final int ranks;
    private final int in;
    private final int[] outs;

    Fusion(PeftAdapter adapter, ModelConfig config, int layer, List<Weight> modules) {
      this.adapter = adapter;
      this.layer = layer;
      this.modules = modules;
      this.ranks = modules.stream().map(this::change).mapToInt(c -> c == null ? 0 : c.rank()).sum();
      this.in = Math.toIntExact(config.shape(modules.get(0)).get(1));
      this.outs = modules.stream().mapToInt(m -> Math.toIntExact(config.shape(m).get(0))).toArray();
    }

    private LowRank change(Weight module) {
      return adapter.changes().get(new Target(layer, module));
    }

    LoraWeights.Part part() {
      float[] a = new float[ranks * in];
      float[] b = new float[Arrays.stream(outs).sum() * ranks];
      int column = 0;
      int row = 0;
      for (int m = 0; m < outs.length; m++) {
        LowRank change = change(modules.get(m));
        if (change != null) {
          System.arraycopy(change.a(), 0, a, column * in, change.a().length);
          for (int o = 0; o < outs[m]; o++) {
            System.arraycopy(
                change.b(), o * change.rank(), b, (row + o) * ranks + column, change.rank());
          }
          column += change.rank();
        }
        row += outs[m];
      }
      return new LoraWeights.Part(ranks, a, b);
    }

    /** Each module's own rows of A and block of B; what is outside the blocks must be 0. */
    Map<Target, LowRank> apart(LoraWeights.Part part) {
      Map<Target, LowRank> changes = new TreeMap<>();
      int column = 0;
      int row = 0;
      long inside = 0;
      for (int m = 0; m < outs.length; m++) {
        LowRank change = change(modules.get(m));
        if (change != null) {
          int r = change.rank();
          float[] a = Arrays.copyOfRange(part.a(), column * in, (column + r) * in);
          float[] b = new float[outs[m] * r];
          for (int o = 0; o < outs[m]; o++) {
            System.arraycopy(part.b(), (row + o) * ranks + column, b, o * r, r);
          }
          inside += notZero(b);
          changes.put(new Target(layer, modules.get(m)), new LowRank(in, outs[m], r, a, b));
          column += r;
        }
        row += outs[m];
      }
      requireNothingElse(notZero(part.b()) - inside);
      return changes;
    }

    private void requireNothingElse(long outside) {
      if (outside != 0) {
        throw new IllegalArgumentException(
            "adapter, layer "
                + layer
                + " "
                + modules
                + ": wanted 0 outside the modules' own blocks of B, found "
                + outside
                + " other values; train it with the patterns of its modules");
      }
    }

    private static long notZero(float[] values) {
      long count = 0;
      for (float value : values) {
        count += value != 0 ? 1 : 0;
      }
      return count;
    }
  }
}
