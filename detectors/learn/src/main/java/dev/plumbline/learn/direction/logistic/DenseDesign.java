package dev.plumbline.learn.direction.logistic;

/** Rows as arrays; read, not copied. */
public final class DenseDesign implements Design {
  private final double[][] rows;
  private final int columns;

  /** Rows {@code [N,F]}, one or more, of one width. */
  public DenseDesign(double[][] rows) {
    this.rows = rows;
    this.columns = rows[0].length;
  }

  @Override
  public int rows() {
    return rows.length;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public double dot(int row, double[] w) {
    double[] x = rows[row];
    double sum = 0;
    for (int i = 0; i < columns; i++) {
      sum += x[i] * w[i];
    }
    return sum;
  }

  @Override
  public void addTo(double[] into, int row, double scale) {
    double[] x = rows[row];
    for (int i = 0; i < columns; i++) {
      into[i] += scale * x[i];
    }
  }
}
