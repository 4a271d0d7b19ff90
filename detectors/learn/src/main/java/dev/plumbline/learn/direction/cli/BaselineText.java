package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.calibrate.ScoreBaseline;
import java.util.ArrayList;
import java.util.List;

/** A baseline of scores for a person. */
final class BaselineText {
  /** What an artefact without one is worth to the alerts. */
  static final String NONE =
      "none: traffic's scores can be held against yesterday's only; `plumbline direction calibrate`"
          + " writes one";

  private BaselineText() {}

  /** One line: the bounds below which half, nine in ten and 99 of 100 answers are. */
  static String of(ScoreBaseline baseline) {
    return baseline.count()
        + " aligned answers; at least half score at most "
        + bound(baseline, 0.5)
        + ", 90 % "
        + bound(baseline, 0.9)
        + ", 99 % "
        + bound(baseline, 0.99);
  }

  private static double bound(ScoreBaseline baseline, double share) {
    double[] shares = baseline.shares();
    double[] bounds = ScoreBaseline.bounds();
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] >= share) {
        return bounds[i];
      }
    }
    return bounds[bounds.length - 1];
  }

  /** A row for each bound: the score, and the share at or below it. */
  static List<List<Object>> rows(ScoreBaseline baseline) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < ScoreBaseline.bounds().length; i++) {
      rows.add(List.of(ScoreBaseline.bounds()[i], baseline.shares()[i]));
    }
    return rows;
  }
}
