package dev.plumbline.learn.statistics;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Locale;

/** How a direction is made of two classes. */
public enum Estimator {
  /** {@code μ₊ − μ₋}: best for causal edits (Marks and Tegmark 2023, "mass-mean"). */
  MEAN_DIFFERENCE(false, false),
  /** {@code (Σ + ridge·tr Σ/D·I)⁻¹ (μ₊ − μ₋)}, Σ within classes: what separates them best. */
  WHITENED(true, false),
  /** The first component of paired differences about <em>zero</em>; needs pairs. */
  PRINCIPAL_COMPONENT(true, true),
  /** Weights of a logistic regression on answers' means; needs the rows, not moments alone. */
  LOGISTIC(false, false);

  private final boolean covariances;
  private final boolean pairs;

  Estimator(boolean covariances, boolean pairs) {
    this.covariances = covariances;
    this.pairs = pairs;
  }

  /** Whether covariances {@code [D,D]} must be collected. */
  public boolean covariances() {
    return covariances;
  }

  /** Whether it is defined on pairs only. */
  public boolean pairs() {
    return pairs;
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The estimator of a name such as {@code mean_difference} or {@code mean-difference}. */
  public static Estimator parse(String text) {
    String name = text.replace('-', '_');
    return Arrays.stream(values())
        .filter(each -> each.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Check.refusal(
                    "estimator",
                    "one of " + Arrays.stream(values()).map(Estimator::wireName).toList(),
                    "'" + text + "'",
                    "correct the text"));
  }
}
