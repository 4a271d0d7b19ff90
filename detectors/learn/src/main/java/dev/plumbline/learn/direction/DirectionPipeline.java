package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.Decoder;
import java.time.Instant;
import java.util.Optional;

/**
 * From data to an artefact: directions, probe, evaluation, model shift. Uses the decoder, which is
 * the aligned reference with every finetune among its adapters, and does not own it.
 */
public final class DirectionPipeline {
  /**
   * Everything that was found.
   *
   * @param directions for editing
   * @param probe for detection
   * @param quality with its controls
   * @param shift empty if no traffic was given
   */
  public record Result(
      LearnedDirections directions,
      LearnedProbe probe,
      Quality quality,
      Optional<ModelShiftResult> shift) {}

  private final Decoder decoder;
  private final ProbeSettings settings;
  private final ActivationCollector collector;

  public DirectionPipeline(Decoder decoder, ProbeSettings settings, Progress progress) {
    this.decoder = decoder;
    this.settings = settings;
    this.collector = new ActivationCollector(decoder, progress);
  }

  /** Learns and evaluates, with published settings. */
  public Result learn(DirectionData data) {
    return learn(data, new DirectionLearner(collector).learn(data.contrasts(), data.aligned()));
  }

  /** Learns a probe and evaluates it, with directions that were learned before. */
  public Result learn(DirectionData data, LearnedDirections directions) {
    LearnedProbe probe =
        new ProbeLearner(collector, settings)
            .learn(data.judged(), data.aligned(), data.calibration());
    Quality quality =
        new DirectionEvaluation(collector, settings, probe).evaluate(data.evaluation(), directions);
    Optional<ModelShiftResult> shift =
        data.traffic().isEmpty() ? Optional.empty() : Optional.of(shift(data, directions));
    return new Result(directions, probe, quality, shift);
  }

  private ModelShiftResult shift(DirectionData data, LearnedDirections directions) {
    return new ModelShiftStudy(
            collector, directions.directions(), data.exchangesPerPool(), settings.seed())
        .study(data.traffic());
  }

  /** The artefact of a result. */
  public Artefact artefact(
      String name, Instant created, ModelPin pin, DirectionData data, Result result) {
    return new ArtefactAssembly(
            name, created, pin, decoder.precision(), settings.seed(), data.byPurpose())
        .assemble(result.directions(), result.probe(), result.quality(), result.shift());
  }
}
