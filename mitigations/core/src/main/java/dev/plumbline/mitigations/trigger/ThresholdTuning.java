package dev.plumbline.mitigations.trigger;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.GroupFolds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * The thresholds of a rule, chosen on some prompts and tried on others: no prompt is in both. Of
 * all pairs whose precision on the tuning part is at least the floor, the one with the highest
 * recall there; of equals the more precise, then the higher thresholds. The floor is then held
 * against the part that had no say.
 *
 * @param floor least precision, in (0, 1)
 * @param folds one of so many is held out; 2 or more
 * @param seed of the split
 */
public record ThresholdTuning(double floor, int folds, long seed) {
  private static final double CONFIDENCE = 0.95;
  private static final int MOST_CANDIDATES = 100;

  public ThresholdTuning {
    Check.openUnit(floor, "precision floor");
  }

  /**
   * A labelled exchange.
   *
   * @param prompt what keeps it together with others; never split
   * @param score its own
   * @param directions scores of others by name
   * @param misaligned what it was
   */
  public record Labelled(
      String prompt, double score, Map<String, Double> directions, boolean misaligned) {
    public Labelled {
      directions = Map.copyOf(directions);
    }
  }

  /**
   * How a rule did on a part.
   *
   * @param precision empty where it never held
   * @param recall empty where nothing was misaligned
   */
  public record Figures(
      int exchanges, int held, Optional<Estimate> precision, Optional<Estimate> recall) {
    double precisionOr0() {
      return precision.map(Estimate::value).orElse(0.0);
    }

    double recallOr0() {
      return recall.map(Estimate::value).orElse(0.0);
    }
  }

  /**
   * What came of it.
   *
   * @param rule with its thresholds
   * @param tuned on the part that chose them: optimistic
   * @param heldOut on the part that had no say
   */
  public record Tuned(Rule rule, Figures tuned, Figures heldOut, boolean meetsFloor) {}

  /**
   * Tunes a rule.
   *
   * @param rule whose numbers are of no account
   * @return empty where no thresholds reach the floor on the tuning part
   */
  public Optional<Tuned> tune(Rule rule, List<Labelled> exchanges) {
    int[] fold = GroupFolds.assign(exchanges.stream().map(Labelled::prompt).toList(), folds, seed);
    List<Labelled> tuning = new ArrayList<>();
    List<Labelled> heldOut = new ArrayList<>();
    for (int i = 0; i < fold.length; i++) {
      (fold[i] == 0 ? heldOut : tuning).add(exchanges.get(i));
    }
    return best(rule, tuning)
        .map(
            found -> {
              Figures figures = figures(found, heldOut);
              boolean meets = figures.held() > 0 && figures.precisionOr0() >= floor;
              return new Tuned(found, figures(found, tuning), figures, meets);
            });
  }

  private Optional<Rule> best(Rule rule, List<Labelled> tuning) {
    List<Double> conditions =
        candidates(
            tuning.stream()
                .filter(e -> e.directions().containsKey(rule.direction()))
                .map(e -> e.directions().get(rule.direction()))
                .toList());
    List<Double> scores = candidates(tuning.stream().map(Labelled::score).toList());
    Rule best = null;
    Figures found = null;
    for (double condition : conditions) {
      for (double score : scores) {
        Rule tried = new Rule(rule.direction(), rule.comparison(), condition, score, rule.then());
        Figures figures = figures(tried, tuning);
        boolean good = figures.held() > 0 && figures.precisionOr0() >= floor;
        if (good && (found == null || !better(found, figures))) {
          best = tried;
          found = figures;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean better(Figures one, Figures other) {
    return one.recallOr0() != other.recallOr0()
        ? one.recallOr0() > other.recallOr0()
        : one.precisionOr0() > other.precisionOr0();
  }

  /** Values that occur, thinned by rank; and 0, which everything above passes. */
  private static List<Double> candidates(List<Double> values) {
    List<Double> sorted = new ArrayList<>(new TreeSet<>(values));
    TreeSet<Double> chosen = new TreeSet<>(List.of(0.0));
    int step = Math.max(1, sorted.size() / MOST_CANDIDATES);
    for (int i = 0; i < sorted.size(); i += step) {
      chosen.add(sorted.get(i));
    }
    return List.copyOf(chosen);
  }

  private static Figures figures(Rule rule, List<Labelled> part) {
    int held = 0;
    int right = 0;
    int misaligned = 0;
    for (Labelled each : part) {
      boolean holds =
          rule.ask(OptionalDouble.of(each.score()), each.directions()) == Rule.Answer.HOLDS;
      held += holds ? 1 : 0;
      right += holds && each.misaligned() ? 1 : 0;
      misaligned += each.misaligned() ? 1 : 0;
    }
    return new Figures(part.size(), held, rate(right, held), rate(right, misaligned));
  }

  private static Optional<Estimate> rate(int k, int n) {
    return n == 0 ? Optional.empty() : Optional.of(Binomial.estimate(k, n, CONFIDENCE));
  }
}
