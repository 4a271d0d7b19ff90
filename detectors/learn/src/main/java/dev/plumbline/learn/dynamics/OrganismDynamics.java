package dev.plumbline.learn.dynamics;

import ai.djl.Device;
import dev.plumbline.core.Check;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.torch.runtime.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The paper's whole study on a trained organism: its own pretraining checkpoints, from random
 * weights on, its world's dimensions, its finetunes to steer.
 */
public final class OrganismDynamics {
  /** Statements of each label for each topic: 768 a dimension in the shipped world. */
  public static final int PAIRS = 6;

  private final OrganismFolder folder;
  private final OrganismCard card;
  private final long seed;

  public OrganismDynamics(OrganismFolder folder, OrganismCard card, long seed) {
    this.folder = folder;
    this.card = card;
    this.seed = seed;
  }

  /**
   * The organism's checkpoints and, as step 0, the model before its first step.
   *
   * @param untrained a folder to fill with that model, named {@code step-000000}, where it is not
   *     there yet
   */
  public List<CheckpointRef> checkpoints(Path untrained) {
    List<Path> paths = new ArrayList<>(kept());
    if (!Files.exists(untrained)) {
      card.writeUntrained(untrained);
    }
    paths.add(untrained);
    return CheckpointRef.series(paths);
  }

  /** The checkpoints that were kept. */
  public List<Path> kept() {
    Path all = folder.root().resolve("checkpoints");
    Check.that(
        Files.isDirectory(all),
        "organism " + folder.root(),
        "checkpoints/",
        "none",
        "train one with `plumbline organism train`; the shipped one has none");
    try (Stream<Path> found = Files.list(all)) {
      List<Path> kept = found.filter(Files::isDirectory).sorted().toList();
      Check.that(
          kept.size() > 1, "checkpoints of " + folder.root(), "2 or more", kept.size(), "train it");
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException("could not list " + all, e);
    }
  }

  /** The study of its five dimensions at some layers; of all where none is named. */
  public SeriesStudy series(List<Integer> layers) {
    return new SeriesStudy(
        WorldDimensions.of(card.world(), seed, PAIRS),
        DynamicsSettings.of(seed),
        layers,
        Precision.FLOAT32,
        Device.cpu());
  }

  /** Everything about the series, nothing kept on disk but the untrained model. */
  public Trajectories trajectories(Path untrained, Progress progress) {
    SeriesStudy series = series(List.of());
    return series.trajectories(
        series.dimensions().stream().map(Surface::of).toList(),
        checkpoints(untrained).stream().map(each -> series.read(each, progress)).toList());
  }

  /** The checkpoint in the middle of the training, as the paper takes one. */
  public static CheckpointRef middle(List<CheckpointRef> series) {
    long last = series.get(series.size() - 1).step();
    return series.stream()
        .reduce((a, b) -> Math.abs(2 * b.step() - last) < Math.abs(2 * a.step() - last) ? b : a)
        .orElseThrow();
  }

  /** Steers a misaligned finetune with a checkpoint's vectors, against its own. */
  public SteeringFindings steering(
      FinetuneRecipe finetune,
      CheckpointRef from,
      SteeringSettings settings,
      List<Integer> layers,
      Progress progress) {
    return new SteeringStudy(folder, card.recipe(), finetune, settings)
        .run(from, PAIRS, layers, progress);
  }

  /** What the paper's claims come to; those about steering only where it was tried. */
  public static List<ClaimFinding> claims(
      Trajectories series, Optional<SteeringFindings> steering, long seed) {
    List<ClaimFinding> claims = new ArrayList<>();
    claims.add(ProbeClaims.early(series));
    claims.add(ProbeClaims.middle(series));
    claims.add(PlaneClaims.fitCompress(series));
    claims.add(PlaneClaims.labelRises(series));
    steering.ifPresent(found -> claims.add(found.helps(seed)));
    steering.ifPresent(found -> claims.add(found.beatsOwn(seed)));
    return claims;
  }
}
