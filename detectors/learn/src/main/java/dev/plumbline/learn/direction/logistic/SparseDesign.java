package dev.plumbline.learn.direction.logistic;

/** Rows as pairs of column and value; read, not copied. */
public final class SparseDesign implements Design {
  private final int[][] indices;
  private final double[][] values;
  private final int columns;

  /**
   * @param indices columns of each row {@code [N][n]}
   * @param values of the same {@code [N][n]}
   * @param columns F
   */
  public SparseDesign(int[][] indices, double[][] values, int columns) {
    this.indices = indices;
    this.values = values;
    this.columns = columns;
  }

  @Override
  public int rows() {
    return indices.length;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public double dot(int row, double[] w) {
    double sum = 0;
    for (int i = 0; i < indices[row].length; i++) {
      sum += values[row][i] * w[indices[row][i]];
    }
    return sum;
  }

  @Override
  public void addTo(double[] into, int row, double scale) {
    for (int i = 0; i < indices[row].length; i++) {
      into[indices[row][i]] += scale * values[row][i];
    }
  }
}
