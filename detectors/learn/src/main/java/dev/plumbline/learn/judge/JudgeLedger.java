package dev.plumbline.learn.judge;

import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.sample.Ledger;
import dev.plumbline.learn.sample.SampledAnswer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Judging that is noted as it goes, so that a judgement that was paid for is never asked again. */
public final class JudgeLedger {
  private JudgeLedger() {}

  /**
   * Judges what a ledger does not have yet.
   *
   * @param part the ledger; begun if it is not there
   * @return one for each, in the order of the answers
   */
  public static List<Judgements> judged(
      AnswerJudge judge, List<SampledAnswer> answers, Path part, Progress progress) {
    Map<String, Judgements> all = new LinkedHashMap<>();
    try (Ledger<Judgements> ledger =
        new Ledger<>(
            part,
            JudgementFile::read,
            each -> JudgementFile.json(each).toString(),
            each -> each.answer().key())) {
      all.putAll(ledger.done());
      List<SampledAnswer> open = answers.stream().filter(a -> !all.containsKey(a.key())).toList();
      try (Progress.Task task = progress.begin("judging", Math.max(1, open.size()))) {
        judge
            .judge(open, each -> note(each, ledger, task))
            .forEach(each -> all.put(each.answer().key(), each));
      }
    }
    return answers.stream().map(answer -> all.get(answer.key())).toList();
  }

  /** Whether a judgement failed on the way: it is asked for again on resume. */
  public static boolean lost(Judgements judged) {
    return judged.scores().values().stream()
        .anyMatch(score -> score instanceof None none && none.reason() == Reason.TRANSPORT);
  }

  private static void note(Judgements judged, Ledger<Judgements> ledger, Progress.Task task) {
    if (!lost(judged)) {
      ledger.add(List.of(judged));
    }
    synchronized (task) {
      task.step(1);
    }
  }
}
