package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.LowRank;

/**
 * Inner products of changes {@code BA} without forming them: {@code ⟨B₁A₁, B₂A₂⟩ = tr(A₁ᵀB₁ᵀB₂A₂) =
 * Σ (B₁ᵀB₂) ∘ (A₁A₂ᵀ)}, two matrices of r₁ by r₂; so {@code ‖BA‖_F} is the root of that with
 * itself. Sums in double.
 */
public final class LowRankProducts {
  private LowRankProducts() {}

  /** ⟨B₁A₁, B₂A₂⟩, the Frobenius inner product. */
  public static double inner(LowRank one, LowRank two) {
    requireSameShape(one, two);
    double sum = 0;
    for (int i = 0; i < one.rank(); i++) {
      for (int j = 0; j < two.rank(); j++) {
        sum += columns(one, i, two, j) * rows(one, i, two, j);
      }
    }
    return sum;
  }

  /** ⟨B₁, B₂⟩ of equal ranks, as flat vectors. */
  public static double innerB(LowRank one, LowRank two) {
    requireSameShape(one, two);
    Check.size(one.b().length, two.b().length, "B");
    double sum = 0;
    for (int i = 0; i < one.b().length; i++) {
      sum += (double) one.b()[i] * two.b()[i];
    }
    return sum;
  }

  /** ‖BA‖_F. */
  public static double norm(LowRank change) {
    return Math.sqrt(Math.max(0, inner(change, change)));
  }

  private static void requireSameShape(LowRank one, LowRank two) {
    Check.that(
        one.in() == two.in() && one.out() == two.out(),
        "changes to compare",
        one.out() + " by " + one.in(),
        two.out() + " by " + two.in(),
        "take adapters of one model");
  }

  /** Column i of B₁ with column j of B₂. */
  private static double columns(LowRank one, int i, LowRank two, int j) {
    double sum = 0;
    for (int o = 0; o < one.out(); o++) {
      sum += (double) one.b()[o * one.rank() + i] * two.b()[o * two.rank() + j];
    }
    return sum;
  }

  /** Row i of A₁ with row j of A₂. */
  private static double rows(LowRank one, int i, LowRank two, int j) {
    double sum = 0;
    for (int k = 0; k < one.in(); k++) {
      sum += (double) one.a()[i * one.in() + k] * two.a()[j * two.in() + k];
    }
    return sum;
  }
}
