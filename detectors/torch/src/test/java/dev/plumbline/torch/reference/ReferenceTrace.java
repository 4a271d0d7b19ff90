package dev.plumbline.torch.reference;

import java.util.List;

/**
 * What one forward left behind: every tap point {@code [T][D]}, edits included, and the logits
 * {@code [T][V]}.
 */
public final class ReferenceTrace {

  private final List<double[][]> stream;
  private final double[][] finalNorm;
  private final double[][] logits;

  /** Takes ownership of the arrays; {@code stream} is ordered as in {@link ReferenceEdit}. */
  ReferenceTrace(List<double[][]> stream, double[][] finalNorm, double[][] logits) {
    this.stream = List.copyOf(stream);
    this.finalNorm = finalNorm;
    this.logits = logits;
  }

  public int layers() {
    return (stream.size() - 1) / 2;
  }

  /** The residual stream by {@link ReferenceEdit}'s index. */
  public double[][] stream(int streamIndex) {
    return stream.get(streamIndex);
  }

  public double[][] embed() {
    return stream.get(0);
  }

  /** After the attention of {@code layer} was added. */
  public double[][] residMid(int layer) {
    return stream.get(1 + 2 * layer);
  }

  /** After the MLP of {@code layer} was added. */
  public double[][] residPost(int layer) {
    return stream.get(2 + 2 * layer);
  }

  public double[][] finalNorm() {
    return finalNorm;
  }

  public double[][] logits() {
    return logits;
  }
}
