package dev.plumbline.learn.direction.logistic;

import java.util.Arrays;
import java.util.function.Function;

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
    return outOfFold(training -> reference);
  }

  /**
   * Out-of-fold scores {@code [N]}, each fold's in spreads of its own readout on its own training
   * rows: no held-out row has a part in any number of its fold.
   */
  public double[] outOfFold() {
    return outOfFold(training -> GroupedFit.rows(rows, training));
  }

  private double[] outOfFold(Function<int[], double[][]> reference) {
    return grouped.outOfFold(
        this::design,
        (training, heldOut, ridge) -> {
          LinearModel model = fit(training, ridge);
          ReadoutScale scale = ReadoutScale.of(model, reference.apply(training));
          return Arrays.stream(heldOut).mapToDouble(i -> scale.z(model.value(rows[i]))).toArray();
        });
  }
}
