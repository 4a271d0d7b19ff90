package dev.plumbline.core.direction;

import java.util.List;

/** How alike several directions of one size are. */
public final class Cosines {

  private Cosines() {}

  /** The symmetric matrix {@code [N,N]} of cosines, its diagonal exactly 1. */
  public static double[][] matrix(List<Direction> directions) {
    int n = directions.size();
    double[][] cosines = new double[n][n];
    for (int i = 0; i < n; i++) {
      cosines[i][i] = 1;
      for (int j = 0; j < i; j++) {
        cosines[i][j] = directions.get(i).cosine(directions.get(j));
        cosines[j][i] = cosines[i][j];
      }
    }
    return cosines;
  }
}
