package dev.plumbline.learn.direction.logistic;

import dev.plumbline.core.stats.MeanAccumulator;
import java.util.Arrays;

/** Fits on dense features, standardised on the training rows only. Immutable; rows read. */
public final class DenseFit {
  private final double[][] rows;
  private final GroupedFit grouped;

  /**
   * @param rows features {@code [N,F]} of the grouped rows; read, not copied
   */
  public DenseFit(double[][] rows, GroupedFit grouped) {
    this.rows = rows;
    this.grouped = grouped;
  }

  /** The model of raw features, fitted on some rows. */
  public LinearModel fit(int[] training, double ridge) {
    Standardisation standardisation = Standardisation.of(rows, training);
    double[][] z = standardised(standardisation, training);
    return LogisticRegression.fit(new DenseDesign(z), grouped.labels(training), ridge)
        .folded(standardisation);
  }

  /** Training rows, then held-out rows, both by the training rows' standardisation. */
  public Design design(int[] training, int[] heldOut) {
    return new DenseDesign(standardised(Standardisation.of(rows, training), training, heldOut));
  }

  private double[][] standardised(Standardisation standardisation, int[]... parts) {
    return Arrays.stream(GroupedFit.rows(rows, parts))
        .map(standardisation::apply)
        .toArray(double[][]::new);
  }

  /** λ for a fit on all rows. */
  public double ridge() {
    return grouped.ridge(this::design, grouped.all());
  }

  /**
   * Out-of-fold scores {@code [N]}, each fold's in spreads of its own readout on reference rows, so
   * that folds can be pooled.
   *
   * @param reference rows {@code [M,F]}, two or more; read
   */
  public double[] outOfFold(double[][] reference) {
    return grouped.outOfFold(
        this::design,
        (training, heldOut, ridge) -> {
          LinearModel model = fit(training, ridge);
          ReferenceScale scale = ReferenceScale.of(model, reference);
          return Arrays.stream(heldOut).mapToDouble(i -> scale.z(model.value(rows[i]))).toArray();
        });
  }

  private record ReferenceScale(double mean, double spread) {
    static ReferenceScale of(LinearModel model, double[][] reference) {
      MeanAccumulator values = new MeanAccumulator(1);
      for (double[] row : reference) {
        values.add(model.value(row));
      }
      double spread = values.standardDeviation()[0];
      return new ReferenceScale(values.mean()[0], spread > 0 ? spread : 1);
    }

    double z(double value) {
      return (value - mean) / spread;
    }
  }
}
