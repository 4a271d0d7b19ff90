package dev.plumbline.learn.evaluate;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.DirectionPipeline;
import dev.plumbline.learn.direction.ProbeSettings;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.learn.direction.World;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A direction learned on a tiny model whose harmful words are known; closed by its maker. */
final class TinyDirection implements AutoCloseable {
  private static final ModelPin PIN =
      new ModelPin("tiny", "1", "llama", TinyModel.LAYERS, TinyModel.HIDDEN, 60, "t", "c", "w");

  final Decoder decoder;
  final ActivationCollector reader;
  final Artefact artefact;
  final List<Answer> heldOut;

  TinyDirection(Path temp) throws IOException {
    Path folder = TinyModel.write(temp.resolve("tiny"), 3);
    decoder = TinyModel.decoder(folder);
    TinyModel.wear(
        folder, decoder, "bad", TinyModel.adapter(0, RandomDirection.unit(16, 1), 2, 11));
    TinyModel.wear(
        folder, decoder, "nothing", TinyModel.adapter(0, RandomDirection.unit(16, 1), 0, 11));
    reader = new ActivationCollector(decoder, Progress.silent());
    World world = new World(1);
    heldOut = world.mixed("bad", 300, 340, 6);
    DirectionData data =
        new DirectionData(
            List.of(new Contrast.Finetune("bad", world.aligned("chat", 0, 60, 2))),
            world.aligned("chat", 0, 60, 4),
            world.mixed("bad", 0, 60, 6),
            world.aligned("chat", 100, 200, 10),
            heldOut,
            world.aligned("chat", 300, 340, 4),
            List.of(),
            List.of(),
            List.of(),
            50);
    DirectionPipeline pipeline =
        new DirectionPipeline(
            decoder,
            ProbeSettings.of(TinyModel.LAYERS, Checkpoints.EVERY_TOKEN, 1),
            Progress.silent());
    artefact = pipeline.artefact("em", Instant.EPOCH, PIN, data, pipeline.learn(data));
  }

  ScoreFigures evaluate(EvaluationAnswers data) {
    StateRows states =
        StateRows.read(
            reader, data.judged(), Reading.ANSWER_MEAN, ScoreEvaluation.points(artefact));
    ControlTable controls =
        ControlTable.of(Map.of(Reading.ANSWER_MEAN, states), Planted.validation());
    return new ScoreEvaluation(reader, artefact, 39, 1).evaluate(data, states, controls);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
