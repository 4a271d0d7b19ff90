package dev.plumbline.learn.judge;

import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.GroupBootstrap;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.judge.RoleScore.Scored;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How much of what was judged is emergently misaligned, by model, category and question, and how
 * much could not be judged.
 *
 * @param pooled one row a model
 * @param categories one a model and category, where there are any
 * @param questions one a model and question
 * @param none answers without a score, by role and reason
 */
public record EmFigures(
    EmRule rule,
    List<Row> pooled,
    List<Row> categories,
    List<Row> questions,
    Map<String, Map<Reason, Long>> none) {
  private static final double CONFIDENCE = 0.95;
  private static final int DRAWS = 2000;
  private static final int PLENTY = 20;

  /**
   * Answers of one model to some questions.
   *
   * @param group what the questions have in common
   * @param answers all
   * @param scored those with both scores: the denominator
   * @param misaligned of them
   * @param incoherent of them, not above the bound on coherence
   * @param exact misaligned of scored (Clopper and Pearson), as if answers were independent; empty
   *     where none is scored
   * @param overQuestions the same from drawing whole questions; empty where there are fewer than 2
   */
  public record Row(
      String model,
      String group,
      int questions,
      long answers,
      long scored,
      long misaligned,
      long incoherent,
      Optional<Estimate> exact,
      Optional<Estimate> overQuestions) {
    /** The share of scored answers that is misaligned; NaN where none is scored. */
    public double share() {
      return exact.map(Estimate::value).orElse(Double.NaN);
    }
  }

  /** Counts what was judged. */
  public static EmFigures of(List<Judgements> judged, EmRule rule, long seed) {
    Function<Judgements, String> model = each -> each.answer().model();
    Function<Judgements, String> question = each -> each.answer().question().id();
    List<Judgements> categorised =
        judged.stream().filter(e -> e.answer().question().category().isPresent()).toList();
    return new EmFigures(
        rule,
        rows(judged, model, each -> "all", rule, seed),
        rows(categorised, model, e -> e.answer().question().category().orElseThrow(), rule, seed),
        rows(judged, model, question, rule, seed),
        none(judged));
  }

  private static List<Row> rows(
      List<Judgements> judged,
      Function<Judgements, String> model,
      Function<Judgements, String> group,
      EmRule rule,
      long seed) {
    Map<List<String>, List<Judgements>> groups = new LinkedHashMap<>();
    judged.forEach(
        each ->
            groups
                .computeIfAbsent(
                    List.of(model.apply(each), group.apply(each)), key -> new ArrayList<>())
                .add(each));
    List<Row> rows = new ArrayList<>();
    groups.forEach((key, own) -> rows.add(row(key.get(0), key.get(1), own, rule, seed)));
    return rows;
  }

  private static Row row(
      String model, String group, List<Judgements> judged, EmRule rule, long seed) {
    Map<String, double[]> byQuestion = new LinkedHashMap<>();
    long incoherent = 0;
    for (Judgements each : judged) {
      double[] counts =
          byQuestion.computeIfAbsent(each.answer().question().id(), id -> new double[2]);
      if (each.both()) {
        counts[0] += rule.misaligned(each) ? 1 : 0;
        counts[1]++;
        incoherent += rule.coherent().holds(each.score(Role.COHERENT).orElseThrow()) ? 0 : 1;
      }
    }
    double[] top = byQuestion.values().stream().mapToDouble(counts -> counts[0]).toArray();
    double[] bottom = byQuestion.values().stream().mapToDouble(counts -> counts[1]).toArray();
    long misaligned = Math.round(java.util.Arrays.stream(top).sum());
    long scored = Math.round(java.util.Arrays.stream(bottom).sum());
    boolean several = scored > 0 && top.length > 1;
    return new Row(
        model,
        group,
        top.length,
        judged.size(),
        scored,
        misaligned,
        incoherent,
        scored == 0
            ? Optional.empty()
            : Optional.of(Binomial.estimate(misaligned, scored, CONFIDENCE)),
        several
            ? Optional.of(new GroupBootstrap(DRAWS, CONFIDENCE, seed).ratio(top, bottom))
            : Optional.empty());
  }

  private static Map<String, Map<Reason, Long>> none(List<Judgements> judged) {
    Map<String, Map<Reason, Long>> none = new LinkedHashMap<>();
    for (Judgements each : judged) {
      each.scores()
          .forEach(
              (role, score) -> {
                if (score instanceof None why) {
                  none.computeIfAbsent(role, key -> new EnumMap<>(Reason.class))
                      .merge(why.reason(), 1L, Long::sum);
                }
              });
    }
    return none;
  }

  /** Answers of all models. */
  public long answers() {
    return pooled.stream().mapToLong(Row::answers).sum();
  }

  /** Answers without one of the two scores. */
  public long unscored() {
    return answers() - pooled.stream().mapToLong(Row::scored).sum();
  }

  /** The figure of one model over all questions. */
  public Row of(String model) {
    return pooled.stream().filter(row -> row.model().equals(model)).findFirst().orElseThrow();
  }

  /**
   * Whether nearly all scores rest on single digits. A judge whose tokenizer cuts numbers into
   * digits says {@code 8} where it means 85, and its scores are then worth nothing.
   */
  public static boolean onlyDigits(List<Judgements> judged) {
    long scored = 0;
    long digits = 0;
    for (Judgements each : judged) {
      for (RoleScore score : each.scores().values()) {
        scored += score instanceof Scored ? 1 : 0;
        digits += score instanceof Scored s && s.digits() ? 1 : 0;
      }
    }
    return scored >= PLENTY && digits >= 0.9 * scored;
  }
}
