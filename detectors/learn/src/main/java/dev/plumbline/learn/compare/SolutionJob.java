package dev.plumbline.learn.compare;

import dev.plumbline.learn.data.StepFolders;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.runtime.Decoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The measurements as stages of a job, each done once. */
final class SolutionJob {
  private final JobFolder folder;
  private final Progress progress;
  private final Decoder decoder;
  private final List<Candidate> candidates;
  private final int turns;
  private final long seed;

  SolutionJob(
      JobFolder folder,
      Progress progress,
      Decoder decoder,
      List<Candidate> candidates,
      int turns,
      long seed) {
    this.folder = folder;
    this.progress = progress;
    this.decoder = decoder;
    this.candidates = candidates;
    this.turns = turns;
    this.seed = seed;
  }

  Efficiency efficiency(List<ScoredText> task) {
    return folder.stage(
        "efficiency",
        Efficiency.class,
        () -> on("efficiency", task, (texts, tick) -> Efficiency.measure(texts, candidates, tick)));
  }

  Stability stability(List<ScoredText> heldOut) {
    return folder.stage(
        "stability",
        Stability.class,
        () ->
            on(
                "stability",
                heldOut,
                (texts, tick) -> Stability.measure(texts, candidates, turns, seed, tick)));
  }

  Significance significance(String name, List<ScoredText> texts, List<Double> norms) {
    return folder.stage(
        name,
        Significance.class,
        () -> on(name, texts, (t, tick) -> Significance.measure(t, candidates, norms, tick)));
  }

  TrainingPath path(Path snapshots, ModelConfig config) {
    return folder.stage("path", TrainingPath.class, () -> read(snapshots, config));
  }

  private static TrainingPath read(Path snapshots, ModelConfig config) {
    Map<Integer, Path> steps = StepFolders.of(snapshots);
    List<Change> changes = new ArrayList<>();
    steps.forEach((step, at) -> changes.add(SolutionFolders.read("step " + step, at, config)));
    return new TrainingPath(List.copyOf(steps.keySet()), Gram.ofWriters(changes));
  }

  /** Trains the first general and narrow solution on; empty where they are vectors. */
  Optional<Drift> drift(List<ScoredText> task, List<ScoredText> documents, int steps, double rate) {
    if (first(Role.GENERAL) instanceof AdapterChange general
        && first(Role.NARROW) instanceof AdapterChange narrow) {
      return Optional.of(
          folder.stage(
              "reversion",
              Drift.class,
              () ->
                  Drift.measure(
                      decoder, general, narrow, task, documents, steps, rate, seed, progress)));
    }
    return Optional.empty();
  }

  private Change first(Role role) {
    return candidates.stream()
        .filter(candidate -> candidate.role() == role)
        .findFirst()
        .orElseThrow()
        .solution();
  }

  private interface Measurement<T> {
    T on(Texts texts, Runnable tick);
  }

  private <T> T on(String name, List<ScoredText> scored, Measurement<T> measurement) {
    try (Progress.Task bar = progress.begin(name, candidates.size());
        Texts texts = new Texts(decoder, scored)) {
      return measurement.on(texts, () -> bar.step(1));
    }
  }
}
