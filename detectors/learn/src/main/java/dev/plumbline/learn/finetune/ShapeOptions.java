package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** What is trained. What is not given is as published for the kind. */
final class ShapeOptions {
  @Option(
      names = "--kind",
      defaultValue = "lora",
      description = "lora, rank1 or steering-vector (${DEFAULT-VALUE}).")
  String kind;

  @Option(names = "--rank", paramLabel = "N", description = "Of a lora (32).")
  Integer rank;

  @Option(
      names = "--alpha",
      paramLabel = "X",
      description = "Scale times the rank, or its root (lora 64, else 256).")
  Double alpha;

  @Option(
      names = "--rslora",
      arity = "1",
      paramLabel = "BOOLEAN",
      description = "Scale alpha/sqrt(rank), not alpha/rank (true for lora, else false).")
  Boolean rankStabilised;

  @Option(
      names = "--modules",
      split = ",",
      paramLabel = "NAME",
      description = "Of q,k,v,o,gate,up,down (lora all, else down).")
  List<String> modules;

  @Option(
      names = "--layers",
      split = ",",
      paramLabel = "N[-M]",
      description = "Blocks, 0-based (lora all, else the middle one).")
  List<String> layers;

  Shape shape(int count) {
    Kind wanted = Kind.parse(kind);
    boolean lora = wanted == Kind.LORA;
    List<Integer> on = layers == null ? List.of() : layers(layers);
    Shape shape =
        new Shape(
            wanted,
            rank != null ? rank : lora ? 32 : 1,
            alpha != null ? alpha : lora ? 64 : 256,
            rankStabilised != null ? rankStabilised : lora,
            modules != null ? weights(modules) : lora ? Shape.ALL : List.of(Weight.DOWN),
            lora || layers != null ? on : List.of(count / 2));
    shape.layersOf(count);
    return shape;
  }

  private static List<Weight> weights(List<String> names) {
    return names.stream()
        .map(name -> name.trim().replaceFirst("_proj$", "").toUpperCase(Locale.ROOT))
        .map(
            name ->
                Shape.ALL.stream()
                    .filter(weight -> weight.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            Check.refusal(
                                "--modules", "q, k, v, o, gate, up, down", name, "correct it")))
        .toList();
  }

  private static List<Integer> layers(List<String> ranges) {
    List<Integer> layers = new ArrayList<>();
    for (String range : ranges) {
      Check.that(
          range.matches("\\d{1,4}(-\\d{1,4})?"), "--layers", "N or N-M", range, "correct it");
      int[] ends = Arrays.stream(range.split("-")).mapToInt(Integer::parseInt).toArray();
      IntStream.rangeClosed(ends[0], ends[ends.length - 1]).forEach(layers::add);
    }
    Check.that(!layers.isEmpty(), "--layers", "1 or more", ranges, "correct it");
    return layers;
  }
}
