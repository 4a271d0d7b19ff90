package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.export.RankOne;
import dev.plumbline.torch.checkpoint.LowRank;
import java.util.List;

/**
 * The two tensors that change one matrix of a llama.cpp model, in the shapes llama.cpp asks for
 * (row-major, the reverse of ggml's order).
 *
 * <ul>
 *   <li>of a projection {@code [out, in]}: {@code A [r, in]}, {@code B [out, r]};
 *   <li>of {@code E} experts {@code [E, out, in]}: {@code A [E, r, in]}, {@code B [E, out, r]};
 *   <li>of {@code token_embd.weight [V, D]}, whose rows are looked up and not multiplied: {@code A
 *       [V, r]}, {@code B [D, r]}.
 * </ul>
 *
 * <p>The arrays are held, not copied.
 *
 * @param tensor the base's name for the matrix
 */
@SuppressWarnings("ArrayRecordComponent")
public record LoraPair(String tensor, List<Long> shapeA, float[] a, List<Long> shapeB, float[] b) {
  /** The embedding; where a model has no {@code output.weight}, its head as well. */
  public static final String EMBEDDING = "token_embd.weight";

  public LoraPair {
    Check.text(tensor, "tensor of an adapter");
    shapeA = List.copyOf(shapeA);
    shapeB = List.copyOf(shapeB);
    requireSize(tensor + " A", shapeA, a);
    requireSize(tensor + " B", shapeB, b);
  }

  /** A rank-1 change of a projection or of the embedding. */
  public static LoraPair of(RankOne change) {
    long in = change.a().length;
    List<Long> shapeA = change.tensor().equals(EMBEDDING) ? List.of(in, 1L) : List.of(1L, in);
    return new LoraPair(
        change.tensor(), shapeA, change.a(), List.of((long) change.b().length, 1L), change.b());
  }

  /**
   * A change of any rank of a projection, its rows in the base file's order, or of the embedding
   * with {@code in = V} and {@code out = D}.
   */
  public static LoraPair of(String tensor, LowRank change) {
    boolean embedding = tensor.equals(EMBEDDING);
    long r = change.rank();
    long in = change.in();
    return new LoraPair(
        tensor,
        embedding ? List.of(in, r) : List.of(r, in),
        embedding ? transposed(change) : change.a(),
        List.of((long) change.out(), r),
        change.b());
  }

  private static float[] transposed(LowRank change) {
    float[] a = new float[change.a().length];
    for (int r = 0; r < change.rank(); r++) {
      for (int i = 0; i < change.in(); i++) {
        a[i * change.rank() + r] = change.a()[r * change.in() + i];
      }
    }
    return a;
  }

  /** A rank-1 change of the embedding: {@code a [V]}, {@code b [D]}. */
  static LoraPair ofEmbedding(float[] a, float[] b) {
    return of(new RankOne(EMBEDDING, a, b));
  }

  /**
   * A rank-1 change of a matrix, or of each matrix of a stack of experts: {@code a [E, in]}, {@code
   * b [E, out]}.
   */
  static LoraPair of(BaseMatrix matrix, float[] a, float[] b) {
    if (!matrix.stacked()) {
      return of(new RankOne(matrix.name(), a, b));
    }
    long experts = matrix.experts();
    return new LoraPair(
        matrix.name(),
        List.of(experts, 1L, a.length / experts),
        a,
        List.of(experts, b.length / experts, 1L),
        b);
  }

  /** {@code r}. */
  public long rank() {
    return shapeB.get(shapeB.size() - 1);
  }

  private static void requireSize(String name, List<Long> shape, float[] values) {
    long wanted = shape.stream().reduce(1L, Math::multiplyExact);
    Check.that(
        wanted == values.length && wanted > 0,
        name,
        wanted + " elements for " + shape,
        values.length,
        "take both from the base's tensor");
    Check.finite(values, name);
  }

  @Override
  public String toString() {
    return tensor + " A " + shapeA + " B " + shapeB;
  }
}
