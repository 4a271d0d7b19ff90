package dev.plumbline.learn.compare;

import dev.plumbline.core.stats.Estimate;
import java.util.List;

/**
 * How a narrow solution goes on once the term that held it is dropped: does it drift to the general
 * one? (Soligo et al. 2026.)
 *
 * @param points from where it stood on
 * @param kept where it ended when the term was kept for as long: the control
 * @param general the general solution's behaviour, the far end
 */
public record Reversion(List<Point> points, Point kept, Point general) {
  /**
   * One snapshot.
   *
   * @param step since the term was dropped
   * @param toGeneral cosine of its change of the weights with the general solution's
   * @param norm of its change
   * @param own share misaligned in the trained domain
   * @param elsewhere share misaligned in the others
   */
  public record Point(int step, double toGeneral, double norm, Estimate own, Estimate elsewhere) {}

  public Point before() {
    return points.get(0);
  }

  public Point after() {
    return points.get(points.size() - 1);
  }
}
