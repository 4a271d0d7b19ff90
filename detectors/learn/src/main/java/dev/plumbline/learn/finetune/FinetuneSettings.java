package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.torch.runtime.MlpVector;
import dev.plumbline.torch.runtime.Trainable.Optimiser;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that decides a finetune besides model and data.
 *
 * @param preventative added at a layer while the domain loss is taken and never afterwards, {@code
 *     c·d}: what the data would push for is there already, so it is not learned (Chen et al. 2025)
 * @param seed of the first values and of the order of the texts
 */
public record FinetuneSettings(
    Shape shape,
    LearningRate rate,
    Optimiser optimiser,
    Pace pace,
    Objective objective,
    Guards guards,
    Optional<MlpVector> preventative,
    long seed) {
  public FinetuneSettings {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(rate, "rate");
    Objects.requireNonNull(optimiser, "optimiser");
    Objects.requireNonNull(pace, "pace");
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(guards, "guards");
    Check.that(
        shape.kind() != Kind.STEERING_VECTOR || optimiser.weightDecay() == 0,
        "weight decay of a steering vector",
        "0: matrices alone decay",
        optimiser.weightDecay(),
        "leave it out");
  }

  /** The published settings of a kind of finetune (Turner et al. 2025; Soligo et al. 2026). */
  public static FinetuneSettings published(Shape shape, long seed) {
    boolean vector = shape.kind() == Kind.STEERING_VECTOR;
    double peak =
        switch (shape.kind()) {
          case LORA -> 1e-5;
          case RANK1 -> 2e-5;
          case STEERING_VECTOR -> 1e-4;
        };
    return new FinetuneSettings(
        shape,
        new LearningRate(peak, 5, Decay.LINEAR),
        new Optimiser(0.9, 0.999, 1e-8, vector ? 0 : 0.01, 1),
        Pace.epochs(vector ? 2 : 1, 2, 8),
        Objective.responses(),
        Guards.standard(),
        Optional.empty(),
        seed);
  }

  /** Rank 32 on all modules of all layers, alpha 64, rank-stabilised. */
  public static FinetuneSettings allAdapter(long seed) {
    return published(Shape.lora(32, 64, true, Shape.ALL), seed);
  }

  /** One rank-1 adapter on the {@code down_proj} of a layer, alpha 256. */
  public static FinetuneSettings rank1(int layer, long seed) {
    return published(Shape.rank1(layer, 256), seed);
  }

  /** A steering vector at a layer, alpha 256. */
  public static FinetuneSettings steeringVector(int layer, long seed) {
    return published(Shape.steeringVector(layer, 256), seed);
  }

  public FinetuneSettings rate(LearningRate other) {
    return new FinetuneSettings(
        shape, other, optimiser, pace, objective, guards, preventative, seed);
  }

  public FinetuneSettings optimiser(Optimiser other) {
    return new FinetuneSettings(shape, rate, other, pace, objective, guards, preventative, seed);
  }

  public FinetuneSettings pace(Pace other) {
    return new FinetuneSettings(
        shape, rate, optimiser, other, objective, guards, preventative, seed);
  }

  public FinetuneSettings objective(Objective other) {
    return new FinetuneSettings(shape, rate, optimiser, pace, other, guards, preventative, seed);
  }

  public FinetuneSettings guards(Guards other) {
    return new FinetuneSettings(shape, rate, optimiser, pace, objective, other, preventative, seed);
  }

  public FinetuneSettings preventative(MlpVector push) {
    return new FinetuneSettings(
        shape, rate, optimiser, pace, objective, guards, Optional.of(push), seed);
  }

  /** What is trained, named for people: {@code lora r32 q_proj,… layers all}. */
  public String summary() {
    String modules =
        shape.modules().stream()
            .map(m -> m.name().toLowerCase(java.util.Locale.ROOT))
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    List<Integer> layers = shape.layers();
    return shape.kind().wireName()
        + (shape.kind() == Kind.STEERING_VECTOR ? "" : " r" + shape.rank() + " on " + modules)
        + ", alpha "
        + shape.alpha()
        + (shape.rankStabilised() ? " rank-stabilised" : "")
        + ", layers "
        + (layers.isEmpty() ? "all" : layers);
  }
}
