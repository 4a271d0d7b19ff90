package dev.plumbline.learn.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;

/**
 * Principal components of a set of solutions about their mean, from their inner products alone: the
 * eigenvectors of the doubly centred {@link Gram}.
 *
 * @param names of the solutions
 * @param shares of the variance, largest first; they sum to 1
 * @param coordinates {@code [N][component]}, in units of the solutions' norm; a component's sign is
 *     such that the first solution with a coordinate is above 0
 */
public record Components(List<String> names, List<Double> shares, List<List<Double>> coordinates) {
  private static final double NONE = 1e-12;

  /** Of two or more solutions that differ; none where they do not. */
  public static Components of(Gram gram) {
    double[][] centred = centred(gram);
    EigenDecompositionSymmetric eigen =
        new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(centred), 1e-12, true);
    double[] values = eigen.getEigenvalues();
    double total = IntStream.range(0, values.length).mapToDouble(i -> Math.max(0, values[i])).sum();
    List<Double> shares = new ArrayList<>();
    List<double[]> axes = new ArrayList<>();
    for (int k = 0; k < values.length; k++) {
      if (values[k] > NONE * total) {
        shares.add(values[k] / total);
        axes.add(axis(eigen.getEigenvector(k).toArray(), Math.sqrt(values[k])));
      }
    }
    List<List<Double>> coordinates =
        IntStream.range(0, gram.size())
            .mapToObj(i -> axes.stream().map(axis -> axis[i]).toList())
            .toList();
    return new Components(gram.names(), shares, coordinates);
  }

  private static double[] axis(double[] vector, double length) {
    double sign = 1;
    for (double value : vector) {
      if (Math.abs(value) > 1e-9) {
        sign = Math.signum(value);
        break;
      }
    }
    double[] axis = new double[vector.length];
    for (int i = 0; i < axis.length; i++) {
      axis[i] = sign * length * vector[i];
    }
    return axis;
  }

  private static double[][] centred(Gram gram) {
    int n = gram.size();
    double[] rows = new double[n];
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        rows[i] += gram.at(i, j) / n;
        all += gram.at(i, j) / ((double) n * n);
      }
    }
    double[][] centred = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        centred[i][j] = gram.at(i, j) - rows[i] - rows[j] + all;
      }
    }
    return centred;
  }

  /** Share of the variance in the first {@code k} components. */
  public double share(int k) {
    return shares.stream().limit(k).mapToDouble(x -> x).sum();
  }
}
