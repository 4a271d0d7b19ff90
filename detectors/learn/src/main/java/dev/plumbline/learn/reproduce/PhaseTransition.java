package dev.plumbline.learn.reproduce;

import dev.plumbline.learn.compare.Components;
import dev.plumbline.learn.compare.OrganismPath;
import dev.plumbline.learn.compare.TrainingPath;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.FinetuneRecipe;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Does training turn within a few steps, before behaviour changes? A path that nears its end at two
 * rates bends as well, so the benign finetune's path stands beside: what bends as sharply there is
 * no transition to misalignment.
 */
final class PhaseTransition implements Experiment {
  private static final String CLAIM = "phase-transition";
  private static final double SHARP = 2;

  /** The benign path is trained for its turns; what it answers on the way is not looked at. */
  private static final int UNUSED = 10;

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
    try (Progress.Task bar = progress.begin("training with snapshots", 2)) {
      OrganismPath path = train(subject, subject.general(), subject.quick() ? 200 : 500);
      bar.step(1);
      OrganismPath benign = train(subject, subject.benign(), UNUSED);
      bar.step(1);
      return List.of(found(path, benign.sharpness()));
    }
  }

  private static OrganismPath train(Subject subject, FinetuneRecipe finetune, int answers) {
    return OrganismPath.train(subject.folder(), subject.recipe(), finetune, answers);
  }

  private static Finding found(OrganismPath path, OptionalDouble benign) {
    OptionalDouble sharpness = path.sharpness();
    Optional<TrainingPath.Turn> turn =
        path.path().sharpest(OrganismPath.LOOK, OrganismPath.THRESHOLD * path.path().reach());
    if (turn.isEmpty() || sharpness.isEmpty()) {
      return Finding.unmeasured(CLAIM, "no step of the path is long enough to have an angle");
    }
    double sharp = sharpness.getAsDouble();
    double usual = benign.orElse(Double.NaN);
    boolean agrees = sharp >= SHARP && sharp > usual && path.rise() > turn.get().step();
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
    return new Finding(CLAIM, sharp, sharp, sharp, usual, agrees, note);
  }
}
