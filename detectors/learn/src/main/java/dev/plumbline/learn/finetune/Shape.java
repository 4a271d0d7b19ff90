package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.Weight;
import java.util.List;
import java.util.Objects;

/**
 * What is trained, and where.
 *
 * @param rank of every adapter; 1 for a vector
 * @param alpha the adapter's scale is {@code alpha/rank}, or {@code alpha/√rank} where {@code
 *     rankStabilised} (Kalajdzievski 2023); a vector is multiplied by it
 * @param modules of {@code Q, K, V, O, GATE, UP, DOWN}; a vector goes where {@code DOWN} writes
 * @param layers blocks, 0-based, ascending; empty for all
 */
public record Shape(
    Kind kind,
    int rank,
    double alpha,
    boolean rankStabilised,
    List<Weight> modules,
    List<Integer> layers) {
  /** What an adapter may sit on, in the order of the files. */
  public static final List<Weight> ALL =
      List.of(Weight.Q, Weight.K, Weight.V, Weight.O, Weight.GATE, Weight.UP, Weight.DOWN);

  public Shape {
    Objects.requireNonNull(kind, "kind");
    List<Weight> named = List.copyOf(modules);
    modules = ALL.stream().filter(named::contains).toList();
    layers = layers.stream().distinct().sorted().toList();
    Check.that(rank >= 1, "rank", "1 or more", rank, "correct it");
    Check.positive(alpha, "alpha");
    Check.that(
        !modules.isEmpty() && ALL.containsAll(named),
        "modules",
        "some of q, k, v, o, gate, up, down",
        named,
        "correct them");
    if (kind != Kind.LORA) {
      Check.that(
          rank == 1 && modules.size() == 1 && layers.size() == 1,
          kind.wireName(),
          "rank 1, one module and one layer",
          "rank " + rank + ", " + modules + " and layers " + layers,
          "use the kind lora for more");
    }
    if (kind == Kind.STEERING_VECTOR) {
      Check.that(
          modules.get(0) == Weight.DOWN,
          "module of a steering vector",
          "DOWN, to whose output it is added",
          modules,
          "leave the modules out");
    }
  }

  /** Adapters on modules of all layers. */
  public static Shape lora(int rank, double alpha, boolean rankStabilised, List<Weight> modules) {
    return new Shape(Kind.LORA, rank, alpha, rankStabilised, modules, List.of());
  }

  /** One rank-1 adapter on the {@code down_proj} of a layer. */
  public static Shape rank1(int layer, double alpha) {
    return new Shape(Kind.RANK1, 1, alpha, false, List.of(Weight.DOWN), List.of(layer));
  }

  /** A vector added to what the MLP of a layer writes. */
  public static Shape steeringVector(int layer, double alpha) {
    return new Shape(Kind.STEERING_VECTOR, 1, alpha, false, List.of(Weight.DOWN), List.of(layer));
  }

  /** The same on some layers. */
  public Shape on(List<Integer> some) {
    return new Shape(kind, rank, alpha, rankStabilised, modules, some);
  }

  /** The layers of a model of so many; refuses those it has not. */
  public List<Integer> layersOf(int count) {
    for (int layer : layers) {
      Check.that(
          layer >= 0 && layer < count, "layers", "0 to " + (count - 1), layer, "correct them");
    }
    return layers.isEmpty() ? java.util.stream.IntStream.range(0, count).boxed().toList() : layers;
  }
}
