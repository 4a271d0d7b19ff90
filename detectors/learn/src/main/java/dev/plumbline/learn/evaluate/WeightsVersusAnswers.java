package dev.plumbline.learn.evaluate;

import dev.plumbline.core.Check;
import dev.plumbline.core.calibrate.SplitConformal;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import dev.plumbline.learn.direction.AcrossPrompts;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.StateReader;
import dev.plumbline.learn.direction.WithinModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Does a number read the weights or the answer? One finetune's answers, read twice by the same
 * readout: with its own states and with the reference's. What its own states give its
 * <em>aligned</em> answers beyond the reference's reading of the same texts is the weights.
 *
 * <p>Flagged means above the split-conformal threshold of the reference's aligned answers, half of
 * whose prompts set it and half check it.
 *
 * @param finetune whose answers
 * @param readout what read them
 * @param alpha nominal false-positive rate of the threshold
 * @param reference share of the reference's own aligned answers flagged: about alpha
 * @param alignedByReference share of the finetune's aligned answers flagged, read by the reference
 * @param alignedByItself the same answers, read with the finetune's own states
 * @param sameAnswers AUROC of own against reference's reading of those same aligned answers: 0.5
 *     reads answers, 1 reads weights
 * @param withinByReference within-prompt AUROC of misaligned against aligned answers
 * @param withinByItself the same by its own states
 */
public record WeightsVersusAnswers(
    String finetune,
    String readout,
    double alpha,
    Estimate reference,
    Estimate alignedByReference,
    Estimate alignedByItself,
    Estimate sameAnswers,
    Optional<Estimate> withinByReference,
    Optional<Estimate> withinByItself) {
  private static final double CONFIDENCE = 0.95;

  /**
   * Measures several readouts in two passes.
   *
   * @param reader of the decoder that has the finetune among its adapters
   * @param aligned aligned answers of the reference
   * @param judged answers of the finetune, aligned ones among them
   * @param readouts names distinct; means over answer tokens are compared
   */
  public static List<WeightsVersusAnswers> measure(
      StateReader reader,
      String finetune,
      List<Answer> aligned,
      List<Answer> judged,
      List<Readout> readouts,
      double alpha,
      long seed) {
    Check.that(
        judged.stream().anyMatch(answer -> !answer.label()),
        "answers of " + finetune,
        "aligned ones among them",
        "none",
        "sample more");
    double[][] baseline = means(reader, aligned, readouts);
    double[][] reference = means(reader, judged, readouts);
    double[][] own = means(reader.wearing(Optional.of(finetune)), judged, readouts);
    List<WeightsVersusAnswers> found = new ArrayList<>();
    for (int k = 0; k < readouts.size(); k++) {
      Threshold threshold = Threshold.of(aligned, baseline[k], alpha);
      found.add(
          of(finetune, readouts.get(k).name(), threshold, judged, reference[k], own[k], seed));
    }
    return found;
  }

  private static WeightsVersusAnswers of(
      String finetune,
      String readout,
      Threshold threshold,
      List<Answer> judged,
      double[] reference,
      double[] own,
      long seed) {
    List<Example> same = new ArrayList<>();
    for (int i = 0; i < own.length; i++) {
      if (!judged.get(i).label()) {
        same.add(new Example(judged.get(i).prompt(), true, own[i]));
        same.add(new Example(judged.get(i).prompt(), false, reference[i]));
      }
    }
    return new WeightsVersusAnswers(
        finetune,
        readout,
        threshold.alpha,
        threshold.checked,
        threshold.flagged(judged, reference),
        threshold.flagged(judged, own),
        AcrossPrompts.auroc(same, seed),
        WithinModel.auroc(judged, reference, seed),
        WithinModel.auroc(judged, own, seed));
  }

  /** Mean readouts over answer tokens {@code [K][N]}. */
  private static double[][] means(
      StateReader reader, List<Answer> answers, List<Readout> readouts) {
    List<double[][]> tokens = reader.readouts(answers, readouts);
    double[][] means = new double[readouts.size()][answers.size()];
    for (int k = 0; k < means.length; k++) {
      for (int i = 0; i < means[k].length; i++) {
        means[k][i] = Arrays.stream(tokens.get(i)[k]).average().orElseThrow();
      }
    }
    return means;
  }

  /** Set on every second prompt, checked on the others. */
  private record Threshold(double value, double alpha, Estimate checked) {
    static Threshold of(List<Answer> aligned, double[] scores, double alpha) {
      List<String> prompts = Answers.prompts(aligned).stream().distinct().sorted().toList();
      Check.that(
          prompts.size() > 1, "prompts of the aligned answers", "2 or more", prompts, "add some");
      double[] set = side(aligned, scores, prompts, 0);
      double[] check = side(aligned, scores, prompts, 1);
      double value = SplitConformal.threshold(set, alpha);
      return new Threshold(value, alpha, share(check, value));
    }

    private static double[] side(
        List<Answer> aligned, double[] scores, List<String> prompts, int side) {
      Map<String, Integer> number = new HashMap<>();
      prompts.forEach(prompt -> number.put(prompt, number.size()));
      return IntStream.range(0, scores.length)
          .filter(i -> number.get(aligned.get(i).prompt()) % 2 == side)
          .mapToDouble(i -> scores[i])
          .toArray();
    }

    /** Of the aligned ones among some answers. */
    Estimate flagged(List<Answer> judged, double[] scores) {
      return share(
          IntStream.range(0, scores.length)
              .filter(i -> !judged.get(i).label())
              .mapToDouble(i -> scores[i])
              .toArray(),
          value);
    }

    private static Estimate share(double[] scores, double threshold) {
      long above = Arrays.stream(scores).filter(score -> score > threshold).count();
      return Binomial.estimate(above, scores.length, CONFIDENCE);
    }
  }
}
