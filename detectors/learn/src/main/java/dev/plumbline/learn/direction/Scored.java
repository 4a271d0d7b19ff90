package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.score.RunningScore;
import dev.plumbline.core.score.Verdict;
import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Answers scored along the path that serving takes: the reference reads them, token by token, and
 * both verdicts are reached as a stream would.
 *
 * @param answers as given
 * @param scores one each, fed to the end
 */
public record Scored(List<Answer> answers, List<RunningScore> scores) {
  private static final double CONFIDENCE = 0.95;

  /** Scores answers with a probe, read by the reference. */
  public static Scored of(
      StateReader reference, List<Answer> answers, Probe probe, Calibration calibration) {
    List<Answer> read = Answers.readBy(probe.pooling(), answers);
    return of(answers, reference.readouts(read, probe.readout()), probe, calibration);
  }

  /**
   * The same from readouts that were taken already.
   *
   * @param tokens the probe's readout at every token that its pooling reads {@code [N][T]}; read
   */
  public static Scored of(
      List<Answer> answers, List<double[]> tokens, Probe probe, Calibration calibration) {
    List<RunningScore> scores = new ArrayList<>();
    for (double[] readouts : tokens) {
      RunningScore score = new RunningScore(probe, calibration);
      for (double readout : readouts) {
        score.add(readout);
      }
      scores.add(score);
    }
    return new Scored(answers, scores);
  }

  /** z of each whole answer {@code [N]}: ranks as the score does and never saturates. */
  public double[] z() {
    return scores.stream().mapToDouble(score -> score.path().z()).toArray();
  }

  /** The score of each whole answer {@code [N]}, in [0, 1]. */
  public double[] values() {
    return scores.stream().mapToDouble(score -> score.path().score()).toArray();
  }

  /** The share whose whole answer is drifted, with its exact 95 % interval. */
  public Estimate drifted() {
    return rate(RunningScore::answerVerdict);
  }

  /** The share that would have been drifted at some checkpoint of their stream. */
  public Estimate driftedStreaming() {
    return rate(RunningScore::streamVerdict);
  }

  private Estimate rate(Function<RunningScore, Verdict> verdict) {
    long drifted =
        scores.stream().filter(score -> verdict.apply(score) instanceof Verdict.Drifted).count();
    return Binomial.estimate(drifted, scores.size(), CONFIDENCE);
  }

  /** Labelled examples, grouped by prompt. */
  public static List<Example> examples(List<Answer> answers, boolean[] labels, double[] scores) {
    return IntStream.range(0, scores.length)
        .mapToObj(i -> new Example(answers.get(i).prompt(), labels[i], scores[i]))
        .toList();
  }

  static int[] rows(List<Answer> answers, Predicate<Answer> wanted) {
    return IntStream.range(0, answers.size()).filter(i -> wanted.test(answers.get(i))).toArray();
  }
}
