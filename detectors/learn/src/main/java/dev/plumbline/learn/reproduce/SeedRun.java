package dev.plumbline.learn.reproduce;

import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.OrganismTrainer;
import dev.plumbline.learn.organism.Recipe;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One seed: trains its organism below the job's folder and runs the experiments, a stage each. */
final class SeedRun {
  private static final int THREADS = 2;

  /** What one experiment found, as it is kept. */
  record Found(List<Finding> findings) {}

  private final JobFolder folder;
  private final Recipe recipe;
  private final long seed;
  private final boolean quick;

  SeedRun(JobFolder folder, Recipe recipe, boolean quick) {
    this.folder = folder;
    this.recipe = recipe;
    this.seed = recipe.seed();
    this.quick = quick;
  }

  /** Findings by claim. */
  Map<String, Finding> run(List<Experiment> experiments, Progress progress) {
    Subject subject = subject();
    Map<String, Finding> found = new LinkedHashMap<>();
    for (Experiment experiment : experiments) {
      folder
          .stage(
              "seed-" + seed + "-" + experiment.name(),
              Found.class,
              () -> new Found(experiment.run(subject, progress)))
          .findings()
          .forEach(finding -> found.put(finding.claim(), finding));
    }
    return found;
  }

  /** Trained stage by stage; what is finished is kept. */
  private Subject subject() {
    Path root = folder.root().resolve("organism-" + seed);
    OrganismFolder organism = new OrganismFolder(root);
    OrganismCard card = new OrganismTrainer(recipe, root, THREADS, System.err).train();
    return new Subject(organism, card, quick);
  }
}
