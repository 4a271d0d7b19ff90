package dev.plumbline.learn.compare;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.compare.Behaviour.Shares;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.FinetuneRun;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The way an organism's finetune took, and how misaligned it was elsewhere on the way.
 *
 * @param path of B, every few steps
 * @param behaviour share misaligned outside the trained domain, at some of them
 */
public record OrganismPath(TrainingPath path, List<Behaved> behaviour) {
  /** Snapshots that a turn looks back and on. */
  public static final int LOOK = 5;

  /** Share of the path's reach below which a step has no angle. */
  public static final double THRESHOLD = 0.05;

  private static final int SNAPSHOTS = 50;

  /** What a snapshot answered. */
  public record Behaved(int step, Estimate elsewhere) {}

  /**
   * Trains the finetune again with snapshots, and samples every {@link #LOOK}th of them.
   *
   * @param answers sampled of each
   */
  public static OrganismPath train(
      OrganismFolder folder, Recipe recipe, FinetuneRecipe finetune, int answers) {
    try (PrintStream nobody =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Checkpoint chat = Checkpoint.open(folder.chat())) {
      FinetuneRun run = new FinetuneRun(folder, recipe, nobody);
      int every = Math.max(1, finetune.schedule().steps() / SNAPSHOTS);
      Map<Integer, PeftAdapter> snapshots = run.run(finetune, run.fresh(finetune), every);
      return new OrganismPath(
          path(snapshots, chat.config()),
          behaviour(new Behaviour(folder, recipe, finetune.domain()), snapshots, answers));
    }
  }

  private static TrainingPath path(Map<Integer, PeftAdapter> snapshots, ModelConfig config) {
    List<Change> changes = new ArrayList<>();
    snapshots.forEach((step, at) -> changes.add(new AdapterChange("step " + step, at, config)));
    return new TrainingPath(List.copyOf(snapshots.keySet()), Gram.ofWriters(changes));
  }

  private static List<Behaved> behaviour(
      Behaviour behaviour, Map<Integer, PeftAdapter> snapshots, int answers) {
    Map<String, PeftAdapter> some = new LinkedHashMap<>();
    List<Integer> steps = new ArrayList<>();
    int count = 0;
    for (Map.Entry<Integer, PeftAdapter> snapshot : snapshots.entrySet()) {
      if (count++ % LOOK == 0) {
        steps.add(snapshot.getKey());
        some.put("step-" + snapshot.getKey(), snapshot.getValue());
      }
    }
    Map<String, Shares> shares = behaviour.of(some, answers);
    return steps.stream()
        .map(step -> new Behaved(step, shares.get("step-" + step).elsewhere()))
        .toList();
  }

  /** The turns that count. */
  public List<TrainingPath.Turn> turns() {
    return path.turns(LOOK, THRESHOLD * path.reach());
  }

  /**
   * How much sharper the sharpest turn is than a usual one: 1 + local cosine, 0 where the way is
   * straight, at its peak over its median. None without turns.
   */
  public OptionalDouble sharpness() {
    double[] bent = turns().stream().mapToDouble(turn -> 1 + turn.cosine()).sorted().toArray();
    return bent.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(bent[bent.length - 1] / bent[bent.length / 2]);
  }

  /** The first sampled step at which half of the final share is reached. */
  public int rise() {
    double half = behaviour.get(behaviour.size() - 1).elsewhere().value() / 2;
    return behaviour.stream()
        .filter(each -> each.elsewhere().value() >= half)
        .findFirst()
        .orElseThrow()
        .step();
  }

  /** Steps and shares, for a sentence. */
  public Stream<String> told() {
    return behaviour.stream()
        .map(each -> each.step() + ": " + Rounded.of(100 * each.elsewhere().value()) + " %");
  }
}
