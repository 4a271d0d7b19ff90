package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One direction taken out of the residual writers of a base, as a GGUF LoRA adapter of rank 1:
 * {@code ΔW = −α·d·dᵀW} for {@code token_embd}, {@code attn_output}, {@code ffn_down} and experts.
 *
 * <p>What an adapter cannot reach is listed in {@link Result#leftOut}, never passed over:
 *
 * <ul>
 *   <li>the embedding of a base whose head is the embedding: llama.cpp applies its adapter to the
 *       head too, in shapes that do not fit, and the process aborts (llama-cpp-python 0.3.36). With
 *       {@link LoraPlan#both} no block reads what the embedding wrote; the head and the norms'
 *       denominators still do;
 *   <li>the part of a bias along d: an adapter has no biases;
 *   <li>routers, which go on reading the direction.
 * </ul>
 */
public final class AblationLora {
  /**
   * What was written.
   *
   * @param architecture of the base
   * @param tensors changed
   * @param leftOut where the direction stays, for people; empty: it is out of every writer
   */
  public record Result(String architecture, List<String> tensors, List<String> leftOut) {
    public Result {
      tensors = List.copyOf(tensors);
      leftOut = List.copyOf(leftOut);
    }
  }

  private static final double NOTHING = 1e-6;

  private final LlamaCppBase base;
  private final LoraPlan plan;
  private final double[] d;
  private final List<LoraPair> pairs = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private AblationLora(LlamaCppBase base, LoraPlan plan) {
    Check.size(base.hidden(), plan.direction().size(), "direction");
    BlockTensor.requireKnown(base);
    Check.that(
        !plan.readers() || base.rmsNormed(),
        "readers of architecture " + base.architecture(),
        "RMS norms before them",
        "another norm",
        "change the writers only");
    this.base = base;
    this.plan = plan;
    this.d = plan.direction().exact();
  }

  /**
   * Reads a base once, tensor by tensor, and writes the adapter.
   *
   * @param base a GGUF file or a Hugging Face folder
   * @throws IllegalArgumentException if a tensor's part in the residual stream is not known, or
   *     nothing would change
   */
  public static Result write(Path base, LoraPlan plan, Path out) {
    try (LlamaCppBase open = LlamaCppBase.open(base)) {
      AblationLora made = new AblationLora(open, plan);
      made.collect();
      GgufLora.writePairs(out, open.architecture(), 1, made.pairs);
      return new Result(
          open.architecture(), made.pairs.stream().map(LoraPair::tensor).toList(), made.leftOut);
    }
  }

  private void collect() {
    if (plan.writers()) {
      embedding();
    }
    for (int layer = 0; layer < base.layers(); layer++) {
      for (BlockTensor each : BlockTensor.values()) {
        if (each.writes() ? plan.writers() : plan.readers()) {
          change(each, layer);
        }
      }
      routers(layer);
    }
    Check.that(!pairs.isEmpty(), "adapter", "something to change", "nothing", "raise a strength");
  }

  private void embedding() {
    double alpha = plan.alpha(TapPoint.EMBED);
    if (base.tiedHead()) {
      leftOut.add(
          LoraPair.EMBEDDING + ": the head is tied to it, and llama.cpp aborts on its adapter");
    } else if (alpha > 0) {
      BaseMatrix matrix = base.find(LoraPair.EMBEDDING).orElseThrow();
      pairs.add(LoraPair.ofEmbedding(DirectionPart.read(matrix, d), scaled(d, -alpha)));
    }
  }

  private void change(BlockTensor tensor, int layer) {
    Optional<BaseMatrix> found = base.find(tensor.in(layer) + ".weight");
    double alpha = plan.alpha(tensor.point(layer));
    if (found.isEmpty() || alpha == 0) {
      return;
    }
    if (tensor.writes()) {
      writer(found.get(), alpha);
      base.find(tensor.in(layer) + ".bias").ifPresent(this::bias);
    } else {
      reader(found.get(), alpha, tensor.norm(layer));
    }
  }

  private void writer(BaseMatrix matrix, double alpha) {
    float[] a = DirectionPart.written(matrix, d);
    int experts = matrix.experts();
    pairs.add(LoraPair.of(matrix, a, repeated(scaled(d, -alpha), experts)));
  }

  /** The norm divides all components alike, so undoing its scale is all that is needed. */
  private void reader(BaseMatrix matrix, double alpha, String norm) {
    float[] g = base.find(norm + ".weight").orElseThrow(() -> noNorm(norm)).all();
    double[] seen = new double[d.length];
    float[] asked = new float[d.length];
    for (int i = 0; i < d.length; i++) {
      seen[i] = g[i] * d[i];
      Check.that(g[i] != 0 || d[i] == 0, norm + "[" + i + "]", "a scale", 0, "leave readers out");
      asked[i] = d[i] == 0 ? 0 : (float) (d[i] / g[i]);
    }
    float[] b = DirectionPart.read(matrix, seen);
    for (int i = 0; i < b.length; i++) {
      b[i] = (float) (-alpha * b[i]);
    }
    pairs.add(LoraPair.of(matrix, repeated(asked, matrix.experts()), b));
  }

  private void bias(BaseMatrix bias) {
    double part = 0;
    float[] values = bias.all();
    for (int i = 0; i < values.length; i++) {
      part += values[i] * d[i % d.length];
    }
    if (Math.abs(part) > NOTHING) {
      leftOut.add(bias.name() + ": " + part + " along the direction, and an adapter has no biases");
    }
  }

  private void routers(int layer) {
    for (String router : BlockTensor.ROUTERS) {
      String name = "blk." + layer + "." + router + ".weight";
      if (plan.readers() && base.names().contains(name)) {
        leftOut.add(name + ": goes on reading the direction where it is in the stream");
      }
    }
  }

  private static IllegalArgumentException noNorm(String name) {
    return Check.refusal(
        "base", "a norm before what reads the stream", "no " + name, "change its writers only");
  }

  private static float[] scaled(double[] vector, double factor) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (factor * vector[i]);
    }
    return scaled;
  }

  private static float[] repeated(float[] vector, int times) {
    float[] all = new float[Math.multiplyExact(times, vector.length)];
    for (int i = 0; i < all.length; i += vector.length) {
      System.arraycopy(vector, 0, all, i, vector.length);
    }
    return all;
  }
}
