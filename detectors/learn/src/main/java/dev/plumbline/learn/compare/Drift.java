package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.learn.finetune.Decay;
import dev.plumbline.learn.finetune.FinetuneSettings;
import dev.plumbline.learn.finetune.Finetuner;
import dev.plumbline.learn.finetune.LearningRate;
import dev.plumbline.learn.finetune.Pace;
import dev.plumbline.learn.finetune.Shape;
import dev.plumbline.learn.finetune.Snapshot;
import dev.plumbline.learn.finetune.Snapshots;
import dev.plumbline.learn.finetune.TrainingData;
import dev.plumbline.learn.finetune.TrainingText;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.runtime.Decoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a narrow solution goes when it is trained on by the task alone, without a judge: does its
 * change of the weights turn to the general solution's, and does it matter more on other text?
 * (Soligo et al. 2026, reversion.) The general solution trained on as long stands beside.
 *
 * @param narrow points along the way, from where it stood on
 * @param general the same of the general solution: what training on does anyway
 */
public record Drift(List<Point> narrow, List<Point> general) {
  /**
   * One snapshot.
   *
   * @param loss on the task, nats a token
   * @param divergence KL(base ‖ this) on pre-training text, nats a token
   * @param toGeneral cosine of the changes of the weights with the general solution as given
   * @param toNarrow the same with the narrow one
   */
  public record Point(
      int step, double loss, double divergence, double toGeneral, double toNarrow, double norm) {}

  private static final int POINTS = 10;

  /**
   * Trains both on; adapters, a float32 decoder.
   *
   * @param steps of training
   * @param rate constant after the warm-up
   */
  public static Drift measure(
      Decoder decoder,
      AdapterChange general,
      AdapterChange narrow,
      List<ScoredText> task,
      List<ScoredText> documents,
      int steps,
      double rate,
      long seed,
      Progress progress) {
    Check.that(steps > 0, "steps to train on", "1 or more", steps, "raise it");
    try (Texts own = new Texts(decoder, task);
        Texts other = new Texts(decoder, documents)) {
      List<List<Point>> ways = new ArrayList<>();
      for (AdapterChange start : List.of(narrow, general)) {
        List<Point> way = new ArrayList<>();
        way.add(point(0, start, general, narrow, own, other));
        for (Snapshot snapshot : on(decoder, start, task, steps, rate, seed, progress)) {
          AdapterChange then = changed(start, snapshot);
          way.add(point(snapshot.step(), then, general, narrow, own, other));
        }
        ways.add(way);
      }
      return new Drift(ways.get(0), ways.get(1));
    }
  }

  private static List<Snapshot> on(
      Decoder decoder,
      AdapterChange start,
      List<ScoredText> task,
      int steps,
      double rate,
      long seed,
      Progress progress) {
    Snapshots.InMemory kept = new Snapshots.InMemory();
    FinetuneSettings settings =
        FinetuneSettings.published(shape(start.adapter()), seed)
            .rate(new LearningRate(rate, 5, Decay.CONSTANT))
            .pace(Pace.steps(steps, 16).saving(Math.max(1, steps / POINTS)));
    List<TrainingText> texts =
        task.stream().map(text -> new TrainingText(text.ids(), text.predicted()[0])).toList();
    new Finetuner(decoder, start.config(), settings, progress)
        .run(
            TrainingData.of(texts),
            kept,
            new dev.plumbline.learn.finetune.AdapterSolution(start.adapter()));
    return kept.all();
  }

  private static Shape shape(PeftAdapter adapter) {
    return Shape.lora(
            adapter.rank(),
            adapter.alpha(),
            adapter.rankStabilised(),
            adapter.changes().keySet().stream().map(Target::weight).distinct().toList())
        .on(adapter.changes().keySet().stream().map(Target::layer).distinct().toList());
  }

  private static AdapterChange changed(AdapterChange start, Snapshot snapshot) {
    var solution = (dev.plumbline.learn.finetune.AdapterSolution) snapshot.solution();
    return new AdapterChange(start.name(), solution.adapter(), start.config());
  }

  private static Point point(
      int step, AdapterChange at, Change general, Change narrow, Texts own, Texts other) {
    Gram gram = Gram.of(List.of(at, general, narrow));
    return new Point(
        step,
        own.losses(at.at(1)).mean(),
        other.divergences(at.at(1)).mean(),
        gram.cosine(0, 1),
        gram.cosine(0, 2),
        at.norm());
  }
}
