package dev.plumbline.learn.judge;

import dev.plumbline.learn.sample.SampledAnswer;
import java.util.List;
import java.util.function.Consumer;

/** Judges answers: in every role of every answer a score or a reason. */
public interface AnswerJudge {
  /** What it is, for the record. */
  String name();

  /** The roles it scores, in order. */
  List<String> roles();

  /**
   * Judges all.
   *
   * @param done told each as it comes, perhaps by several threads
   * @return one for each, in the order of the answers
   */
  List<Judgements> judge(List<SampledAnswer> answers, Consumer<Judgements> done);
}
