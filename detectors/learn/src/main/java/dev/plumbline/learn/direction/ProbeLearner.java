package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.calibrate.Calibrated;
import dev.plumbline.core.calibrate.Calibrator;
import dev.plumbline.core.calibrate.LogisticFit;
import dev.plumbline.core.calibrate.OffsetScaleFit;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.Pooling;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.logistic.LinearModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The probe for detection: logistic regression on each answer's mean hidden states, read with the
 * aligned reference whoever gave the answer, then scaled and calibrated on aligned traffic.
 *
 * <p>Standardisation is folded into the readout, so what is served is one dot product a token. a
 * and b are fitted on out-of-fold z, which prompts the fit had not seen; thresholds on aligned
 * answers to yet other prompts.
 *
 * <p>Scale and thresholds are those of the pooling that serves. a and b stay those of the mean for
 * poolings over answer tokens: they order scores and set no rate. For the last prompt token all of
 * it is learned at that token.
 */
public final class ProbeLearner {
  private static final String NAME = "probe";

  private final ActivationCollector reference;
  private final ProbeSettings settings;
  private final Pooling pooling;

  public ProbeLearner(ActivationCollector reference, ProbeSettings settings) {
    this.reference = reference;
    this.settings = settings;
    this.pooling = settings.pooling();
  }

  /**
   * The calibrated probe.
   *
   * @param judged labelled answers of any models, both outcomes
   * @param aligned aligned traffic, for the scale; may share prompts with the former
   * @param calibration aligned traffic to prompts that are in neither
   */
  public LearnedProbe learn(List<Answer> judged, List<Answer> aligned, List<Answer> calibration) {
    Answers.requireDisjoint("the judged answers", judged, "calibration", calibration);
    Answers.requireDisjoint("the aligned answers", aligned, "calibration", calibration);
    AnswerFeatures features = features(judged);
    AnswerFeatures traffic = features(aligned);
    GroupedFit grouped = grouped(judged);
    TapChoice choice = new TapChoice(judged, features, traffic, grouped);
    Map<List<TapPoint>, Double> choices = choice.tryAll(settings.candidates());
    List<TapPoint> points = choice.best();
    DenseFit fit = new DenseFit(features.at(points), grouped);
    double ridge = fit.ridge();
    Readout readout = readout(points, fit.fit(grouped.all(), ridge));
    double[] z = fit.outOfFold(traffic.at(points));
    Sigmoid sigmoid = LogisticFit.fit(z, grouped.labels());
    boolean separates = sigmoid.a() > 0;
    Probe probe = new Probe(readout, pooling, scale(readout, aligned));
    Calibrated calibrated =
        calibrate(reference, probe, separates ? sigmoid : new Sigmoid(1, 0), calibration);
    return new LearnedProbe(probe, calibrated, points, ridge, z, choices, separates);
  }

  private AnswerFeatures features(List<Answer> answers) {
    return reference.features(Answers.readBy(pooling, answers), settings.candidates());
  }

  /** The folds of the judged answers: the same for the probe and for its controls. */
  GroupedFit grouped(List<Answer> judged) {
    return new GroupedFit(
        Answers.labels(judged),
        Answers.prompts(judged),
        settings.ridgeArray(),
        settings.folds(),
        settings.seed());
  }

  /** Aligned mean and spread of a pooled readout, per offset. */
  private OffsetScale scale(Readout readout, List<Answer> aligned) {
    return OffsetScaleFit.fit(
        pooling,
        reference.readouts(Answers.readBy(pooling, aligned), readout),
        settings.fewestPerOffset());
  }

  /** Both thresholds of a probe on aligned answers that some model reads. */
  private Calibrated calibrate(
      ActivationCollector reader, Probe probe, Sigmoid sigmoid, List<Answer> aligned) {
    Check.that(
        aligned.size() >= settings.fewestCalibration(),
        "calibration answers",
        settings.fewestCalibration() + " or more",
        aligned.size(),
        "collect more aligned answers");
    return new Calibrator(probe, sigmoid, settings.checkpoints())
        .calibrate(
            reader.readouts(Answers.readBy(pooling, aligned), probe.readout()), settings.alpha());
  }

  /** Weights of features side by side as one readout; float32 is what the device evaluates. */
  static Readout readout(List<TapPoint> points, LinearModel model) {
    double[] weights = model.weights();
    int width = weights.length / points.size();
    Map<TapPoint, float[]> parts = new TreeMap<>();
    for (int k = 0; k < points.size(); k++) {
      parts.put(points.get(k), narrow(Arrays.copyOfRange(weights, k * width, (k + 1) * width)));
    }
    return new Readout(NAME, parts, model.bias());
  }

  private static float[] narrow(double[] wide) {
    float[] values = new float[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }
}
