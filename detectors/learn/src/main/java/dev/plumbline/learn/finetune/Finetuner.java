package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Trainable;
import dev.plumbline.torch.runtime.Trainee;
import java.util.List;

/**
 * Trains an adapter or a vector on a frozen model. The decoder's own weights stay as they are.
 *
 * <p>On the CPU, with as many threads, the result's bytes depend on model, settings and data alone,
 * however often it was interrupted and resumed from a snapshot. One thread; the decoder (float32)
 * is the caller's.
 */
public final class Finetuner {
  private final Decoder decoder;
  private final ModelConfig config;
  private final FinetuneSettings settings;
  private final Progress progress;

  public Finetuner(
      Decoder decoder, ModelConfig config, FinetuneSettings settings, Progress progress) {
    this.decoder = decoder;
    this.config = config;
    this.settings = settings;
    this.progress = progress;
  }

  /** From zero, without snapshots. */
  public FinetuneResult run(TrainingData data) {
    return run(data, Snapshots.none());
  }

  /** From the newest snapshot, or from zero. */
  public FinetuneResult run(TrainingData data, Snapshots snapshots) {
    return run(data, snapshots, FirstValues.of(settings.shape(), config, settings.seed()));
  }

  /**
   * From a solution of the settings' shape, with fresh moments: how a narrow solution drifts once
   * nothing holds it.
   *
   * @throws IllegalArgumentException if nothing is left to learn from
   * @throws DivergedException if the loss falls apart
   */
  public FinetuneResult run(TrainingData data, Snapshots snapshots, Solution start) {
    int room = Math.min(settings.objective().maxTokens(), decoder.positions());
    CutTexts domain = CutTexts.of(data.domain(), room);
    CutTexts anchors = CutTexts.of(data.anchors(), room);
    Check.that(!domain.texts().isEmpty(), "training texts", "1 or more", 0, "give some that fit");
    Check.that(
        settings.objective().klWeight() == 0 || !anchors.texts().isEmpty(),
        "out-of-domain texts",
        "1 or more for a divergence of weight " + settings.objective().klWeight(),
        0,
        "give some that fit, or no weight");
    try (Trainable trainable = decoder.trainable(trainee(start))) {
      SolutionMeter meter = new SolutionMeter(config, trainable);
      List<TrainingText> own = CutTexts.of(data.heldOut(), room).texts();
      List<TrainingText> others = CutTexts.of(data.heldOutAnchors(), room).texts();
      double lossBefore = own.isEmpty() ? 0 : meter.loss(own, answersOnly());
      double divergenceBefore = others.isEmpty() ? 0 : meter.divergence(others);
      TrainingRun run =
          new TrainingRun(
              trainable, settings, domain.texts(), anchors.texts(), t -> learned(t, start));
      Snapshot end = run.run(snapshots, progress);
      return new FinetuneResult(
          end.solution(),
          end.step(),
          run.early(),
          end.curve(),
          end.norms(),
          own.isEmpty()
              ? Measured.NONE
              : new Measured(own.size(), lossBefore, meter.loss(own, answersOnly())),
          others.isEmpty()
              ? Measured.NONE
              : new Measured(others.size(), divergenceBefore, meter.divergence(others)),
          domain,
          anchors);
    }
  }

  private boolean answersOnly() {
    return settings.objective().responsesOnly();
  }

  private Trainee trainee(Solution start) {
    Trainee trainee = start.trainee(config);
    return settings.preventative().map(trainee::pushed).orElse(trainee);
  }

  private Solution learned(Trainable trainable, Solution start) {
    if (start instanceof AdapterSolution adapter) {
      PeftAdapter like = adapter.adapter();
      return new AdapterSolution(
          PeftAdapters.unfuse(trainable.adapter(like.scaling()), like, config));
    }
    return new VectorSolution(trainable.vector().orElseThrow());
  }

  /** What would be learned from, of a model that reads so many tokens: for a dry run. */
  public static CutTexts fitting(
      List<TrainingText> texts, FinetuneSettings settings, int positions) {
    return CutTexts.of(texts, Math.min(settings.objective().maxTokens(), positions));
  }
}
