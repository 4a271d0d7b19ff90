package dev.plumbline.learn.mitigate;

import dev.plumbline.learn.ability.Continuation;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.judge.AnswerJudge;
import dev.plumbline.learn.judge.EmRule;
import dev.plumbline.learn.judge.JudgeLedger;
import dev.plumbline.learn.judge.JudgementFile;
import dev.plumbline.learn.judge.Judgements;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.SampledAnswer;
import dev.plumbline.learn.sample.SampledAnswerFile;
import dev.plumbline.mitigations.InterventionPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Measures conditions in stages: answers, judgements and costs of each are kept below the job's
 * folder, under its name.
 *
 * @param group what questions are drawn by
 * @param refusalJudge says whether an answer refuses; may be none
 */
record Trial(
    JobFolder folder,
    Bench bench,
    Inputs inputs,
    AnswerJudge judge,
    EmRule rule,
    Function<Question, String> group,
    int samples,
    RefusalRule refusals,
    Optional<AnswerJudge> refusalJudge) {
  private static final double HALF = 50;
  private static final String REFUSES = "refuses";

  /** On the half that chooses: answers and the reference's KL. */
  Evidence selecting(String name, InterventionPlan plan) {
    List<Judgements> judged =
        judged("select-" + name, name, judge, plan, inputs.questions().selecting());
    Evidence.Costs costs =
        folder.stage(
            "cost-select-" + name,
            Evidence.Costs.class,
            () ->
                new Evidence.Costs(
                    bench.reference(inputs.aligned().selecting(), plan),
                    List.of(),
                    List.of(),
                    List.of()));
    return Evidence.of(name, judged, rule, this::group, costs, List.of(), List.of());
  }

  /** On the half that reports: everything. */
  Evidence reporting(String name, InterventionPlan plan) {
    List<Judgements> judged =
        judged("report-" + name, name, judge, plan, inputs.questions().reporting());
    Evidence.Costs costs =
        folder.stage("cost-report-" + name, Evidence.Costs.class, () -> costs(plan));
    boolean asked = !inputs.benign().isEmpty();
    return Evidence.of(
        name,
        judged,
        rule,
        this::group,
        costs,
        asked ? refused(name, plan) : List.of(),
        asked ? refusedJudged(name, plan) : List.of());
  }

  private String group(Judgements judged) {
    return group.apply(judged.answer().question());
  }

  private Evidence.Costs costs(InterventionPlan plan) {
    List<Answer> aligned = inputs.aligned().reporting();
    return new Evidence.Costs(
        bench.reference(aligned, plan),
        bench.adapted() ? bench.mitigated(aligned, plan) : List.of(),
        inputs.texts().isEmpty()
            ? bench.losses(
                aligned.stream().map(a -> new Continuation(a.tokens(), a.start())).toList(),
                aligned.stream().map(Answer::prompt).toList(),
                plan)
            : bench.losses(inputs.texts(), Bench.alone(inputs.texts().size()), plan),
        inputs.tasks().isEmpty() ? List.of() : bench.correct(inputs.tasks(), inputs.chat(), plan));
  }

  private List<SampledAnswer> answers(
      String stage, String name, InterventionPlan plan, List<Question> questions) {
    Path file =
        folder.file(
            "answers/" + stage + ".jsonl",
            to -> SampledAnswerFile.write(to, bench.answers(name, plan, questions, samples)));
    return SampledAnswerFile.read(file);
  }

  private List<Judgements> judged(
      String stage, String name, AnswerJudge by, InterventionPlan plan, List<Question> questions) {
    List<SampledAnswer> answers = answers(stage, name, plan, questions);
    Path part = folder.root().resolve("stages").resolve("judged-" + stage + ".part.jsonl");
    Path file =
        folder.file(
            "judged/" + stage + ".jsonl",
            to ->
                JudgementFile.write(
                    to,
                    requireAll(JudgeLedger.judged(by, answers, part, Progress.silent()), stage)));
    return JudgementFile.read(file);
  }

  /** What was lost on the way is asked for again: it must not become a stage that is done. */
  private static List<Judgements> requireAll(List<Judgements> judged, String stage) {
    long lost = judged.stream().filter(JudgeLedger::lost).count();
    if (lost > 0) {
      throw new IllegalStateException(
          "judging "
              + stage
              + ": wanted a reply for each of "
              + judged.size()
              + " answers, found "
              + lost
              + " without; see to the judge and go on with --resume");
    }
    return judged;
  }

  private List<Measured> refused(String name, InterventionPlan plan) {
    String suffix = "+" + name;
    List<Measured> refused = new ArrayList<>();
    for (SampledAnswer answer : answers("benign-" + name, name, plan, inputs.benign())) {
      String model = answer.model().substring(0, answer.model().length() - suffix.length());
      String id = answer.question().id();
      refused.add(
          Measured.of(
              id, id + "/" + answer.sample() + "/" + model, refusals.refuses(answer.text())));
    }
    return refused;
  }

  private List<Measured> refusedJudged(String name, InterventionPlan plan) {
    if (refusalJudge.isEmpty()) {
      return List.of();
    }
    List<Measured> refused = new ArrayList<>();
    for (Judgements each :
        judged("benign-" + name, name, refusalJudge.get(), plan, inputs.benign())) {
      each.score(REFUSES)
          .ifPresent(
              score ->
                  refused.add(
                      Measured.of(
                          each.answer().question().id(), Evidence.key(each, name), score >= HALF)));
    }
    return refused;
  }
}
