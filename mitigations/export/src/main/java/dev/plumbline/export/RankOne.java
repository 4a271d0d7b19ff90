package dev.plumbline.export;

import dev.plumbline.core.Check;

/**
 * A rank-1 change of one matrix {@code W [out, in]} of a base model: {@code ΔW = b·aᵀ}.
 *
 * <p>Taking the unit direction d out of what W writes to the residual stream is {@code b = −α·d, a
 * = dᵀW}. Of an embedding {@code E [V, D]}, whose rows are what it writes, it is {@code ΔE = a·bᵀ}
 * with {@code a = E·d [V]} and {@code b = −α·d [D]}. The arrays are held, not copied: they are
 * weights.
 *
 * @param tensor what the base file calls the matrix, such as {@code blk.0.attn_output.weight}
 * @param a {@code [in]}; {@code [V]} for an embedding
 * @param b {@code [out]}; {@code [D]} for an embedding
 */
@SuppressWarnings("ArrayRecordComponent")
public record RankOne(String tensor, float[] a, float[] b) {

  public RankOne {
    Check.text(tensor, "tensor of a rank-1 change");
    Check.that(
        a.length > 0 && b.length > 0,
        "rank-1 change of " + tensor,
        "a and b with elements",
        a.length + " and " + b.length,
        "take both from the matrix's shape");
    Check.finite(a, "a of " + tensor);
    Check.finite(b, "b of " + tensor);
  }
}
