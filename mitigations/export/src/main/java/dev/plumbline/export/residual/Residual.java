package dev.plumbline.export.residual;

import dev.plumbline.core.Check;
import java.util.Comparator;
import java.util.List;

/**
 * How far an export is from the in-forward plan it stands for, on some texts.
 *
 * @param plan the plan's name
 * @param points what is left, in forward order; at least one
 * @param tokens states read at each point
 * @param divergence mean KL(plan ‖ export) of the next token, in nats
 * @param untouchedDivergence mean KL(plan ‖ model without the export)
 */
public record Residual(
    String plan,
    List<Remaining> points,
    long tokens,
    double divergence,
    double untouchedDivergence) {
  public Residual {
    points = List.copyOf(points);
    Check.that(!points.isEmpty(), "residual", "at least one tap point", "none", "measure some");
    Check.that(tokens > 0, "residual", "at least one token", tokens, "give longer texts");
  }

  /** The point where most is left. */
  public Remaining worst() {
    return points.stream().max(Comparator.comparingDouble(Remaining::rms)).orElseThrow();
  }

  /** Whether the most that is left is within a bound, in standard deviations. */
  public boolean within(double bound) {
    return worst().rms() <= bound;
  }
}
