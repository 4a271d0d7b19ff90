package dev.plumbline.learn.reproduce;

import ai.djl.Device;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.evaluate.EvaluationAnswers;
import dev.plumbline.learn.evaluate.OrganismBench;
import dev.plumbline.learn.evaluate.WeightsVersusAnswers;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Do a finetune's own states show what it answered, or that it was finetuned? */
final class Weights implements Experiment {
  private static final String CLAIM = "weights-vs-answers";
  private static final double ALPHA = 0.01;
  private static final int LAYER = 1;
  private static final int PER_MODEL = 400;
  private static final int ALIGNED = 1200;
  private static final double CONFIDENCE = 0.95;

  @Override
  public String name() {
    return "weights";
  }

  @Override
  public List<String> claims() {
    return List.of(CLAIM);
  }

  @Override
  public List<String> after() {
    return List.of(Removal.NAME);
  }

  @Override
  public List<Finding> run(Subject subject, Progress progress) {
    OrganismBench bench = new OrganismBench(subject.folder(), subject.recipe(), subject.seed());
    EvaluationAnswers answers;
    try (OrganismSampler sampler = bench.sampler()) {
      answers = bench.answers(sampler, PER_MODEL, ALIGNED);
    }
    List<WeightsVersusAnswers> all = new ArrayList<>();
    try (Checkpoint chat = Checkpoint.open(subject.folder().chat());
        Decoder decoder = DecoderLoader.load(chat, Precision.FLOAT32, Device.cpu())) {
      for (String name : bench.emergent()) {
        PeftAdapter adapter = PeftAdapter.open(subject.folder().adapter(name), chat.config());
        decoder.adapters().add(name, PeftAdapters.fuse(adapter, chat.config()));
      }
      ActivationCollector reader = new ActivationCollector(decoder, progress);
      for (String name : bench.emergent()) {
        all.addAll(measure(subject, reader, name, answers));
      }
    }
    return List.of(finding(all));
  }

  private static List<WeightsVersusAnswers> measure(
      Subject subject, ActivationCollector reader, String name, EvaluationAnswers answers) {
    List<Answer> own = answers.judged().stream().filter(a -> a.model().equals(name)).toList();
    return WeightsVersusAnswers.measure(
        reader, name, answers.aligned(), own, List.of(projection(subject)), ALPHA, subject.seed());
  }

  private static Readout projection(Subject subject) {
    Artefact consensus =
        ArtefactFolder.read(subject.folder().root().resolve("directions/consensus.direction"));
    TapDirection tap = consensus.direction(TapPoint.residPost(LAYER)).orElseThrow();
    return Readout.projection("projection", tap.tapPoint(), tap.direction());
  }

  private static Finding finding(List<WeightsVersusAnswers> all) {
    Estimate own = pooled(all, WeightsVersusAnswers::alignedByItself);
    Estimate reference = pooled(all, WeightsVersusAnswers::alignedByReference);
    String note =
        String.format(
            Locale.ROOT,
            "aligned answers of %d finetunes flagged at a nominal %.0f %%, projection at block %d:"
                + " %s by their own states, %s when the reference reads them; its own aligned"
                + " answers %s",
            all.size(),
            100 * ALPHA,
            LAYER,
            Shares.percent(own.value()),
            Shares.percent(reference.value()),
            Shares.percent(all.get(0).reference().value()));
    return Finding.of(CLAIM, own, reference.value(), own.low() > reference.high(), note);
  }

  private static Estimate pooled(
      List<WeightsVersusAnswers> all, Function<WeightsVersusAnswers, Estimate> of) {
    long flagged = 0;
    long answers = 0;
    for (WeightsVersusAnswers each : all) {
      Estimate share = of.apply(each);
      flagged += Math.round(share.value() * share.count());
      answers += share.count();
    }
    return Binomial.estimate(flagged, answers, CONFIDENCE);
  }
}
