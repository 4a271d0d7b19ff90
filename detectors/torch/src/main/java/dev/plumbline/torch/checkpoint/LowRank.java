package dev.plumbline.torch.checkpoint;

/**
 * A low-rank change of one matrix: {@code ΔW = scaling · B·A}.
 *
 * <p>Holds the arrays it is given without copying them: they are weights.
 *
 * @param in columns of the matrix
 * @param out rows of the matrix
 * @param rank {@code r}
 * @param a {@code A}, {@code [r, in]} row-major
 * @param b {@code B}, {@code [out, r]} row-major
 */
@SuppressWarnings("ArrayRecordComponent")
public record LowRank(int in, int out, int rank, float[] a, float[] b) {
  public LowRank {
    Positive.require("rank", rank, Integer.MAX_VALUE);
    if (a.length != (long) rank * in || b.length != (long) out * rank) {
      throw new IllegalArgumentException(
          "wanted A of "
              + (long) rank * in
              + " and B of "
              + (long) out * rank
              + " elements, found "
              + a.length
              + " and "
              + b.length);
    }
  }
}
