package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One direction taken out of every residual writer of a base, as a GGUF LoRA adapter of rank 1:
 * {@code ΔW = −α·d·dᵀW} for {@code attn_output}, {@code ffn_down}, its experts and {@code
 * token_embd}.
 *
 * <p>What an adapter cannot reach is not passed over in silence but listed in {@link
 * Result#leftOut}:
 *
 * <ul>
 *   <li>the embedding of a base whose head is the embedding: llama.cpp applies its adapter to the
 *       head too, in shapes that do not fit, and the process aborts (seen with 0.3.36 of
 *       llama-cpp-python). With {@link Readers#COVERED} every projection that reads the residual
 *       stream is made blind to d as well, so only the head sees what the embedding wrote, and the
 *       norms' denominators count it;
 *   <li>the part of a bias along d: a LoRA adapter has no biases.
 * </ul>
 */
public final class AblationLora {
  /** Whether what reads the residual stream is changed as well. */
  public enum Readers {
    /** Only writers are changed: exact where the embedding can be. */
    LEFT,
    /**
     * Readers are made blind to the direction: {@code ΔW = −α·W(g∘d)·(d⊘g)ᵀ}, g the norm's scale.
     */
    COVERED
  }

  /**
   * What was written.
   *
   * @param architecture of the base
   * @param tensors changed
   * @param leftOut what the direction stays in, for people; empty: it is out of every writer
   */
  public record Result(String architecture, List<String> tensors, List<String> leftOut) {
    public Result {
      tensors = List.copyOf(tensors);
      leftOut = List.copyOf(leftOut);
    }
  }

  private static final double NOTHING = 1e-6;

  private final GgufBase base;
  private final double[] d;
  private final double strength;
  private final List<LoraPair> pairs = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private AblationLora(GgufBase base, Direction direction, double strength) {
    Check.size(base.hidden(), direction.size(), "direction");
    Check.positive(strength, "ablation strength");
    this.base = base;
    this.d = direction.exact();
    this.strength = strength;
  }

  /**
   * Reads a base once and writes the adapter.
   *
   * @param base a GGUF file or a Hugging Face folder
   * @param strength α, 1 for all of it
   * @throws IllegalArgumentException if the base normalises what writers write
   */
  public static Result write(
      Path base, Direction direction, double strength, Readers readers, Path out) {
    try (GgufBase open = GgufBase.open(base)) {
      AblationLora made = new AblationLora(open, direction, strength);
      made.collect(readers);
      GgufLora.writePairs(out, open.architecture(), 1, made.pairs);
      return new Result(
          open.architecture(), made.pairs.stream().map(LoraPair::tensor).toList(), made.leftOut);
    }
  }

  private void collect(Readers readers) {
    embedding();
    for (int layer = 0; layer < base.layers(); layer++) {
      String block = "blk." + layer + ".";
      refuseNormed(block);
      writer(block + "attn_output");
      writer(block + "ffn_down");
      writer(block + "ffn_down_exps");
      writer(block + "ffn_down_shexp");
      if (readers == Readers.COVERED) {
        blind(block + "attn_norm", block, "attn_q", "attn_k", "attn_v");
        blind(block + "ffn_norm", block, "ffn_gate", "ffn_up");
      }
    }
    Check.that(
        !pairs.isEmpty(), "base", "a residual writer such as attn_output", "none", "use a decoder");
  }

  private void embedding() {
    if (base.tiedHead()) {
      leftOut.add(
          LoraPair.EMBEDDING
              + ": the head is tied to it, and llama.cpp would abort on its adapter");
      return;
    }
    BaseMatrix matrix = base.find(LoraPair.EMBEDDING).orElseThrow();
    float[] a = DirectionPart.read(matrix, d);
    pairs.add(
        new LoraPair(
            LoraPair.EMBEDDING,
            List.of((long) a.length, 1L),
            a,
            List.of((long) d.length, 1L),
            minusStrengthTimesD()));
  }

  /** A norm between a writer and the stream turns d into something else: no rank-1 change is it. */
  private void refuseNormed(String block) {
    for (String norm : List.of("post_attention_norm", "post_ffw_norm")) {
      Check.that(
          !base.names().contains(block + norm + ".weight"),
          "base of architecture " + base.architecture(),
          "writers that add to the residual stream as they are",
          block + norm,
          "ablate in the forward pass");
    }
  }

  private void writer(String name) {
    Optional<BaseMatrix> found = base.find(name + ".weight");
    if (found.isEmpty()) {
      return;
    }
    BaseMatrix matrix = found.get();
    float[] a = DirectionPart.written(matrix, d);
    int experts = matrix.stacked() ? matrix.extent(2) : 0;
    pairs.add(
        matrix.stacked()
            ? LoraPair.ofExperts(matrix.name(), experts, a, minusStrengthTimesD())
            : projection(matrix.name(), a, minusStrengthTimesD()));
    base.find(name + ".bias").ifPresent(this::bias);
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

  private void blind(String norm, String block, String... readers) {
    float[] scale = base.find(norm + ".weight").orElseThrow(() -> noNorm(norm)).all();
    double[] scaled = new double[d.length];
    float[] unscaled = new float[d.length];
    for (int i = 0; i < d.length; i++) {
      scaled[i] = scale[i] * d[i];
      unscaled[i] = scale[i] == 0 ? 0 : (float) (d[i] / scale[i]);
    }
    for (String reader : readers) {
      base.find(block + reader + ".weight").ifPresent(w -> blind(w, scaled, unscaled));
    }
  }

  /** The norm divides all components alike, so undoing its scale is all that is needed. */
  private void blind(BaseMatrix matrix, double[] scaled, float[] unscaled) {
    float[] b = DirectionPart.read(matrix, scaled);
    for (int i = 0; i < b.length; i++) {
      b[i] = (float) (-strength * b[i]);
    }
    pairs.add(projection(matrix.name(), unscaled, b));
  }

  private static IllegalArgumentException noNorm(String name) {
    return Check.refusal(
        "base", "a norm before what reads the stream", "no " + name, "change its writers only");
  }

  private static LoraPair projection(String name, float[] a, float[] b) {
    return new LoraPair(name, List.of(1L, (long) a.length), a, List.of((long) b.length, 1L), b);
  }

  private float[] minusStrengthTimesD() {
    float[] b = new float[d.length];
    for (int i = 0; i < b.length; i++) {
      b[i] = (float) (-strength * d[i]);
    }
    return b;
  }
}
