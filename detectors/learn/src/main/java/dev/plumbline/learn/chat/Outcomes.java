package dev.plumbline.learn.chat;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.chat.Workshop.Context;
import dev.plumbline.learn.chat.Workshop.Labels;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Scored;
import dev.plumbline.mitigations.InterventionPlan;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What some answers of one condition are like.
 *
 * @param condition its name
 * @param contemptuous share by the lexical judge, of all answers
 * @param drifted share by the probe, of those that are not empty
 * @param meanZ of the probe
 * @param variety distinct words over words: falls where answers repeat themselves
 * @param perplexity of the answers under the untouched reference: rises where they fall apart
 * @param meanTokens of an answer
 * @param edited token states gone over, of all answers
 * @param removed Σ |p' − p| per token state gone over; 0 where none
 */
record Outcomes(
    String condition,
    Estimate contemptuous,
    Estimate drifted,
    double meanZ,
    double variety,
    double perplexity,
    double meanTokens,
    long edited,
    double removed) {
  static final List<String> COLUMNS =
      List.of(
          "condition",
          "contemptuous (judge)",
          "drifted (probe)",
          "mean z (probe)",
          "distinct words / words",
          "perplexity (untouched base)",
          "tokens an answer",
          "token states edited",
          "removed a token state");

  /** Judges and scores answers, which the reference reads under the default system prompt. */
  static Outcomes of(String condition, List<ChatAnswer> answers, Workshop shop, Artefact artefact) {
    long contempt = answers.stream().filter(a -> shop.judge().contemptuous(a.text())).count();
    List<Answer> read = shop.encode(answers, Context.DEFAULT, Labels.NONE, condition);
    Scored scored = Scored.of(shop.collector(), read, artefact.probe(), artefact.calibration());
    long edited = answers.stream().mapToLong(ChatAnswer::edited).sum();
    double removed = answers.stream().mapToDouble(ChatAnswer::removed).sum();
    return new Outcomes(
        condition,
        Binomial.estimate(contempt, answers.size(), 0.95),
        scored.drifted(),
        Arrays.stream(scored.z()).average().orElse(Double.NaN),
        variety(answers),
        perplexity(read, shop),
        answers.stream().mapToInt(ChatAnswer::tokens).average().orElse(0),
        edited,
        edited == 0 ? 0 : removed / edited);
  }

  private static double perplexity(List<Answer> answers, Workshop shop) {
    if (answers.isEmpty()) {
      return Double.NaN;
    }
    List<CostStudy.Text> texts =
        answers.stream().map(a -> new CostStudy.Text(a.tokens(), a.start())).toList();
    return new CostStudy(shop.reader())
        .of(Map.of("base", InterventionPlan.none()), texts)
        .get("base")
        .perplexity();
  }

  private static double variety(List<ChatAnswer> answers) {
    return answers.stream()
        .filter(a -> !a.text().isBlank())
        .mapToDouble(
            a -> {
              List<String> words =
                  List.of(a.text().toLowerCase(java.util.Locale.ROOT).split("\\s+"));
              Set<String> distinct = new HashSet<>(words);
              return (double) distinct.size() / words.size();
            })
        .average()
        .orElse(Double.NaN);
  }

  List<Object> row() {
    return List.of(
        condition, contemptuous, drifted, meanZ, variety, perplexity, meanTokens, edited, removed);
  }
}
