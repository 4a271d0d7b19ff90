package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * All inner products of some solutions, {@code [N,N]}: enough for cosines, principal components and
 * the angles of a path, however large the weights are.
 *
 * @param names of the solutions, or steps of a path
 * @param products row by row
 */
public record Gram(List<String> names, List<List<Double>> products) {
  /** Of what solutions do to the weights. */
  public static Gram of(List<Change> solutions) {
    return of(solutions, Change::inner);
  }

  /** Of the parts that write. */
  public static Gram ofWriters(List<Change> solutions) {
    return of(solutions, Change::innerWriters);
  }

  private static Gram of(List<Change> solutions, ToDoubleBiFunction<Change, Change> product) {
    Check.that(!solutions.isEmpty(), "solutions", "1 or more", 0, "give some");
    return new Gram(
        solutions.stream().map(Change::name).toList(),
        solutions.stream()
            .map(a -> solutions.stream().map(b -> product.applyAsDouble(a, b)).toList())
            .toList());
  }

  /** N. */
  public int size() {
    return names.size();
  }

  public double at(int i, int j) {
    return products.get(i).get(j);
  }

  /** The cosine of two; 0 where one has no length. */
  public double cosine(int i, int j) {
    double norms = Math.sqrt(at(i, i) * at(j, j));
    return norms > 0 ? at(i, j) / norms : 0;
  }

  /** All cosines. */
  public double[][] cosines() {
    double[][] cosines = new double[size()][size()];
    for (int i = 0; i < size(); i++) {
      for (int j = 0; j < size(); j++) {
        cosines[i][j] = cosine(i, j);
      }
    }
    return cosines;
  }

  /** ⟨xᵢ − xₜ, xⱼ − xₜ⟩. */
  public double from(int t, int i, int j) {
    return at(i, j) - at(i, t) - at(t, j) + at(t, t);
  }
}
