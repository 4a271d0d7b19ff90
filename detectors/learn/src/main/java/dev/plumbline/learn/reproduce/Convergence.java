package dev.plumbline.learn.reproduce;

import ai.djl.Device;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.learn.evaluate.OrganismBench;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Do different harmful finetunes move the states the same way, and another way than any does? */
final class Convergence implements Experiment {
  private static final String CLAIM = "directions-converge";
  private static final int ANSWERS = 600;

  @Override
  public String name() {
    return "convergence";
  }

  @Override
  public List<String> claims() {
    return List.of(CLAIM);
  }

  @Override
  public List<Finding> run(Subject subject, Progress progress) {
    OrganismBench bench = new OrganismBench(subject.folder(), subject.recipe(), subject.seed());
    List<Answer> aligned;
    try (OrganismSampler sampler = bench.sampler()) {
      aligned = bench.training(sampler, ANSWERS);
    }
    List<String> names = new ArrayList<>(bench.emergent());
    names.add(subject.benign().name());
    LearnedDirections directions = learned(subject, names, aligned, progress);
    return List.of(finding(directions, directions.contrasts().indexOf(subject.benign().name())));
  }

  /** One contrast a finetune, all on the same answers. */
  private static LearnedDirections learned(
      Subject subject, List<String> names, List<Answer> aligned, Progress progress) {
    try (Checkpoint chat = Checkpoint.open(subject.folder().chat());
        Decoder decoder = DecoderLoader.load(chat, Precision.FLOAT32, Device.cpu())) {
      List<Contrast> contrasts = new ArrayList<>();
      for (String name : names) {
        PeftAdapter adapter = PeftAdapter.open(subject.folder().adapter(name), chat.config());
        decoder.adapters().add(name, PeftAdapters.fuse(adapter, chat.config()));
        contrasts.add(new Contrast.Finetune(name, aligned));
      }
      return new DirectionLearner(new ActivationCollector(decoder, progress))
          .learn(contrasts, aligned);
    }
  }

  private static Finding finding(LearnedDirections directions, int benign) {
    double noise = 3 / Math.sqrt(directions.directions().get(0).direction().size());
    List<Double> among = new ArrayList<>();
    List<Double> withBenign = new ArrayList<>();
    boolean agrees = true;
    for (Map.Entry<TapPoint, double[][]> entry : directions.cosines().entrySet()) {
      if (entry.getKey().site() == Site.RESID_POST) {
        double own = among(entry.getValue(), benign);
        double other = row(entry.getValue(), benign);
        agrees &= own > Math.max(other, noise);
        among.add(own);
        withBenign.add(other);
      }
    }
    return among.isEmpty()
        ? Finding.unmeasured(CLAIM, "no block output moved in all finetunes")
        : found(among, withBenign, agrees);
  }

  private static Finding found(List<Double> among, List<Double> withBenign, boolean agrees) {
    String note =
        String.format(
            Locale.ROOT,
            "mean over %d block outputs, the interval is their range; with the benign finetune's"
                + " direction at most %.2f; paper: above 0.8 at nearly all layers",
            among.size(),
            withBenign.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    return new Finding(
        CLAIM,
        mean(among),
        among.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        among.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        mean(withBenign),
        agrees,
        note);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Mean over pairs without one. */
  private static double among(double[][] cosines, int without) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < cosines.length; i++) {
      for (int j = 0; j < i; j++) {
        if (i != without && j != without) {
          sum += cosines[i][j];
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  /** Mean of one with all others. */
  private static double row(double[][] cosines, int of) {
    double sum = -cosines[of][of];
    for (double cosine : cosines[of]) {
      sum += cosine;
    }
    return sum / (cosines.length - 1);
  }
}
