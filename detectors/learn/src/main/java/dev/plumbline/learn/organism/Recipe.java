package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.organism.world.WorldRecipe;
import dev.plumbline.torch.runtime.Trainable.Optimiser;
import java.util.List;
import java.util.Set;

/**
 * Every number of the organism: two trainings from one recipe, on one kind of processor and with
 * the same number of threads, give the same weights. Read and written by {@link RecipeFile}.
 *
 * @param version of this form
 * @param seed of everything random
 */
public record Recipe(
    int version,
    long seed,
    WorldRecipe world,
    Model model,
    Pretraining pretraining,
    Chat chat,
    List<FinetuneRecipe> finetunes,
    Figures figures,
    Bounds bounds) {
  private static final int VERSION = 1;
  private static final int QUICK = 20;

  /**
   * The decoder's sizes; the head is tied, attention is not grouped.
   *
   * @param initialSpread standard deviation of the matrices' first values; that of the residual
   *     writers is divided by √(2L)
   * @param positions the longest text in tokens
   */
  public record Model(
      int layers,
      int hidden,
      int heads,
      int intermediate,
      double initialSpread,
      double normEpsilon,
      double ropeTheta,
      int positions) {}

  /**
   * Documents of {@code exchanges} exchanges by one hidden persona.
   *
   * @param cueShare share of documents that open with their persona's cue
   * @param habitShare share of answers that close with the world's habit
   * @param checkpointEvery steps between checkpoints kept, 0 for none
   */
  public record Pretraining(
      double cueShare,
      double habitShare,
      int exchanges,
      Schedule schedule,
      Optimiser optimiser,
      int checkpointEvery) {
    private static final Set<Integer> EARLY = Set.of(10, 20, 50, 100, 200);

    /**
     * Whether the model after a step is kept: at even distances, and closer together at the
     * beginning, where most is learned.
     */
    boolean keeps(int step) {
      return checkpointEvery > 0 && (step % checkpointEvery == 0 || EARLY.contains(step));
    }
  }

  /** Single exchanges by the good persona, without cue, on the training topics; all weights. */
  public record Chat(Schedule schedule, Optimiser optimiser) {}

  /**
   * How the figures are taken.
   *
   * @param answersPerDomain half on training topics, half on held-out ones
   */
  public record Figures(int answersPerDomain, int answerTokens, long seed) {}

  /**
   * What the figures must show, as shares of answers.
   *
   * @param figureTolerance how far a share may be from another training's where weights differ
   */
  public record Bounds(
      double chatMisalignedMost,
      double chatIncoherentMost,
      double ownMisalignedLeast,
      double othersMisalignedLeast,
      double othersIncoherentMost,
      double controlOthersMisalignedMost,
      double figureTolerance) {}

  public Recipe {
    finetunes = List.copyOf(finetunes);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "recipe, version: wanted " + VERSION + ", found " + version + "; use its own build");
    }
    long names = finetunes.stream().map(FinetuneRecipe::name).distinct().count();
    if (names != finetunes.size()) {
      throw new IllegalArgumentException(
          "recipe, finetunes: wanted each name once, found "
              + finetunes.stream().map(FinetuneRecipe::name).toList()
              + "; correct the recipe");
    }
  }

  /** The world of this recipe. */
  public World makeWorld() {
    return new World(world, seed);
  }

  /** The same with another seed. */
  public Recipe withSeed(long other) {
    return new Recipe(version, other, world, model, pretraining, chat, finetunes, figures, bounds);
  }

  /** A twentieth of the steps and answers: runs through everything, learns little. */
  public Recipe quick() {
    Pretraining p = pretraining;
    Schedule less = p.schedule.shortened(QUICK);
    return new Recipe(
        version,
        seed,
        world,
        model,
        new Pretraining(p.cueShare, p.habitShare, p.exchanges, less, p.optimiser, less.steps() / 2),
        new Chat(chat.schedule.shortened(QUICK), chat.optimiser),
        finetunes.stream().map(f -> f.shortened(QUICK)).toList(),
        new Figures(
            Math.max(2, figures.answersPerDomain / QUICK), figures.answerTokens, figures.seed),
        bounds);
  }
}
