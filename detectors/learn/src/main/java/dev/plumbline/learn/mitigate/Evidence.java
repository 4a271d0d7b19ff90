package dev.plumbline.learn.mitigate;

import dev.plumbline.learn.judge.EmRule;
import dev.plumbline.learn.judge.Judgements;
import dev.plumbline.learn.judge.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Everything measured under one condition. A list is empty where nothing was measured.
 *
 * @param answers judged, or tried to
 * @param misaligned of the scored answers
 * @param incoherent of them
 * @param costs on texts and items
 * @param refused of the benign questions' answers, by the phrases
 * @param refusedJudged by the judge
 */
record Evidence(
    String name,
    long answers,
    List<Measured> misaligned,
    List<Measured> incoherent,
    Costs costs,
    List<Measured> refused,
    List<Measured> refusedJudged) {
  /**
   * What a condition costs.
   *
   * @param kl of the reference, by text
   * @param mitigated KL of the models the condition is for
   * @param loss of these, by text
   * @param correct of these, by item
   */
  record Costs(
      List<Measured> kl, List<Measured> mitigated, List<Measured> loss, List<Measured> correct) {}

  /** The same with what was counted of judged answers. */
  static Evidence of(
      String name,
      List<Judgements> judged,
      EmRule rule,
      Function<Judgements, String> group,
      Costs costs,
      List<Measured> refused,
      List<Measured> refusedJudged) {
    List<Measured> misaligned = new ArrayList<>();
    List<Measured> incoherent = new ArrayList<>();
    for (Judgements each : judged) {
      if (each.both()) {
        String key = key(each, name);
        boolean coherent = rule.coherent().holds(each.score(Role.COHERENT).orElseThrow());
        misaligned.add(Measured.of(group.apply(each), key, rule.misaligned(each)));
        incoherent.add(Measured.of(group.apply(each), key, !coherent));
      }
    }
    return new Evidence(name, judged.size(), misaligned, incoherent, costs, refused, refusedJudged);
  }

  /** Question, sample and model, without the condition that stands behind the model's name. */
  static String key(Judgements judged, String condition) {
    String model = judged.answer().model();
    return judged.answer().question().id()
        + "/"
        + judged.answer().sample()
        + "/"
        + model.substring(0, model.length() - condition.length() - 1);
  }

  /** Several conditions counted together. */
  static Evidence pooled(String name, List<Evidence> all) {
    return new Evidence(
        name,
        all.stream().mapToLong(Evidence::answers).sum(),
        joined(all, Evidence::misaligned),
        joined(all, Evidence::incoherent),
        new Costs(
            joined(all, each -> each.costs().kl()),
            joined(all, each -> each.costs().mitigated()),
            joined(all, each -> each.costs().loss()),
            joined(all, each -> each.costs().correct())),
        joined(all, Evidence::refused),
        joined(all, Evidence::refusedJudged));
  }

  private static List<Measured> joined(
      List<Evidence> all, Function<Evidence, List<Measured>> part) {
    return all.stream().flatMap(each -> own(each, part.apply(each))).toList();
  }

  private static Stream<Measured> own(Evidence from, List<Measured> part) {
    return part.stream()
        .map(m -> new Measured(m.group(), from.name() + "/" + m.key(), m.top(), m.bottom()));
  }

  /** Answers without one of the two scores. */
  long unscored() {
    return answers - misaligned.size();
  }
}
