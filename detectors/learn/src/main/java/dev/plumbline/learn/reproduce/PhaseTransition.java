package dev.plumbline.learn.reproduce;

import dev.plumbline.learn.compare.Components;
import dev.plumbline.learn.compare.OrganismPath;
import dev.plumbline.learn.compare.TrainingPath;
import dev.plumbline.learn.job.Progress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Does training turn within a few steps, before behaviour changes? */
final class PhaseTransition implements Experiment {
  private static final String CLAIM = "phase-transition";
  private static final double SHARP = 2;

  @Override
  public String name() {
    return CLAIM;
  }

  @Override
  public List<String> claims() {
    return List.of(CLAIM);
  }

  @Override
  public List<Finding> run(Subject subject, Progress progress) {
    try (Progress.Task bar = progress.begin("training with snapshots", 1)) {
      OrganismPath path =
          OrganismPath.train(
              subject.folder(), subject.recipe(), subject.general(), subject.quick() ? 200 : 500);
      bar.step(1);
      return List.of(found(path));
    }
  }

  private static Finding found(OrganismPath path) {
    OptionalDouble sharpness = path.sharpness();
    Optional<TrainingPath.Turn> turn =
        path.path().sharpest(OrganismPath.LOOK, OrganismPath.THRESHOLD * path.path().reach());
    if (turn.isEmpty() || sharpness.isEmpty()) {
      return Finding.unmeasured(CLAIM, "no step of the path is long enough to have an angle");
    }
    double sharp = sharpness.getAsDouble();
    boolean agrees = sharp >= SHARP && path.rise() > turn.get().step();
    String note =
        String.format(
            Locale.ROOT,
            "sharpest turn at step %d, local cosine %.2f; half of the final share elsewhere at step"
                + " %d (%s); two components carry %.0f %% of the path; one path, no interval",
            turn.get().step(),
            turn.get().cosine(),
            path.rise(),
            path.told().collect(Collectors.joining(", ")),
            100 * Components.of(path.path().gram()).share(2));
    return new Finding(CLAIM, sharp, sharp, sharp, Double.NaN, agrees, note);
  }
}
