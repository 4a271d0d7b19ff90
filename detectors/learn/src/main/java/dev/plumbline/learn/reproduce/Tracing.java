package dev.plumbline.learn.reproduce;

import dev.plumbline.learn.dynamics.ClaimFinding;
import dev.plumbline.learn.dynamics.OrganismDynamics;
import dev.plumbline.learn.dynamics.SteeringFindings;
import dev.plumbline.learn.dynamics.SteeringSettings;
import dev.plumbline.learn.dynamics.Trajectories;
import dev.plumbline.learn.job.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What pretraining checkpoints know, and what their vectors do to a finished model. */
final class Tracing implements Experiment {
  @Override
  public String name() {
    return "tracing";
  }

  @Override
  public List<String> claims() {
    return List.of(
        "probe-early",
        "probe-middle-layers",
        "mi-fit-compress",
        "mi-label-rises",
        "checkpoint-steering-helps",
        "checkpoint-beats-own");
  }

  @Override
  public List<Finding> run(Subject subject, Progress progress) {
    OrganismDynamics dynamics =
        new OrganismDynamics(subject.folder(), subject.card(), subject.seed());
    Path untrained = subject.folder().root().resolve("untrained/step-000000");
    Trajectories series = dynamics.trajectories(untrained, progress);
    SteeringFindings steering =
        dynamics.steering(
            subject.emergent().get(0),
            OrganismDynamics.middle(dynamics.checkpoints(untrained)),
            SteeringSettings.of(subject.seed()),
            List.of(),
            progress);
    return OrganismDynamics.claims(series, Optional.of(steering), subject.seed()).stream()
        .map(Tracing::finding)
        .toList();
  }

  private static Finding finding(ClaimFinding found) {
    return found
        .figure()
        .map(f -> Finding.of(found.claim(), f, found.control(), found.agrees(), found.note()))
        .orElseGet(() -> Finding.unmeasured(found.claim(), found.note()));
  }
}
