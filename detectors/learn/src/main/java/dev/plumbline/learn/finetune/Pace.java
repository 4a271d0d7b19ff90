package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;

/**
 * How long and in what portions.
 *
 * @param epochs times over the data; read where {@code steps} is 0
 * @param steps of the optimiser, 0 to count by epochs
 * @param batch texts a pass
 * @param accumulation passes a step: their gradients count by their predicted tokens
 * @param logEvery steps of a point of the curve
 * @param saveEvery steps between snapshots, 0 for none
 */
public record Pace(
    int epochs, int steps, int batch, int accumulation, int logEvery, int saveEvery) {
  public Pace {
    Check.that(
        steps >= 0 && saveEvery >= 0,
        "steps and save-every",
        "0 or more",
        steps + " and " + saveEvery,
        "correct them");
    Check.that(
        epochs >= 1 && batch >= 1 && accumulation >= 1 && logEvery >= 1,
        "epochs, batch, accumulation and log-every",
        "1 or more",
        epochs + ", " + batch + ", " + accumulation + " and " + logEvery,
        "correct them");
  }

  /** So many epochs in steps of {@code batch · accumulation} texts, each logged. */
  public static Pace epochs(int epochs, int batch, int accumulation) {
    return new Pace(epochs, 0, batch, accumulation, 1, 0);
  }

  /** So many steps of {@code batch} texts, each logged. */
  public static Pace steps(int steps, int batch) {
    return new Pace(1, steps, batch, 1, 1, 0);
  }

  /** The same with snapshots. */
  public Pace saving(int every) {
    return new Pace(epochs, steps, batch, accumulation, logEvery, every);
  }

  /** Texts a step over so many: never one twice. */
  public int stepTexts(int texts) {
    return (int) Math.min(texts, (long) batch * accumulation);
  }

  /** Steps over so many texts. */
  public int stepsOver(int texts) {
    long each = stepTexts(texts);
    return steps > 0 ? steps : Math.toIntExact(((long) epochs * texts + each - 1) / each);
  }
}
