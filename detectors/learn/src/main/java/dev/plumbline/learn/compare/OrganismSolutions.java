package dev.plumbline.learn.compare;

import ai.djl.Device;
import dev.plumbline.learn.compare.Behaviour.Shares;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Precision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All measurements on an organism: its narrow finetune against the general twin that is trained for
 * it, on fresh texts of its world. One thread; opens the models itself.
 */
public final class OrganismSolutions {
  /** Names in the results. */
  public static final String GENERAL = "general";

  public static final String NARROW = "narrow";

  public static final String RANDOM = "random";

  private final OrganismFolder folder;
  private final Recipe recipe;
  private final Effort effort;

  /**
   * How much is read and sampled.
   *
   * @param texts of the task, and chats
   * @param documents of pretraining
   * @param turns at each ε
   * @param answers sampled of each snapshot, in its domain and as many elsewhere
   */
  public record Effort(int texts, int documents, int turns, int answers) {
    public static Effort full() {
      return new Effort(200, 60, 10, 600);
    }

    public static Effort quick() {
      return new Effort(60, 20, 5, 300);
    }
  }

  /** What was found. */
  public record Found(
      Efficiency efficiency,
      Stability stability,
      Significance documents,
      Significance chats,
      Gram changes,
      Gram writers,
      Reversion reversion) {}

  public OrganismSolutions(OrganismFolder folder, Recipe recipe, Effort effort) {
    this.folder = folder;
    this.recipe = recipe;
    this.effort = effort;
  }

  /** Trains, measures and samples. */
  public Found run(Progress progress) {
    OrganismPair pair;
    try (Progress.Task bar = progress.begin("training the pair", 3)) {
      pair = OrganismPair.train(folder, recipe, () -> bar.step(1));
    }
    Change general = change(GENERAL, OrganismPair.last(pair.general()), pair);
    Change narrow = change(NARROW, pair.narrow(), pair);
    List<Candidate> candidates =
        Candidate.withControls(
            List.of(new Candidate(general, Role.GENERAL), new Candidate(narrow, Role.NARROW)),
            1,
            recipe.seed());
    return measured(pair, candidates, List.of(general, narrow), progress);
  }

  private Found measured(
      OrganismPair pair, List<Candidate> candidates, List<Change> both, Progress progress) {
    OrganismTexts world = new OrganismTexts(recipe, recipe.figures().seed());
    List<Double> norms = Grids.aroundMean(candidates);
    try (Checkpoint checkpoint = Checkpoint.open(folder.chat());
        Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
        Texts task = new Texts(decoder, world.task(pair.recipe().domain(), effort.texts()));
        Texts documents = new Texts(decoder, world.documents(effort.documents()));
        Texts chats = new Texts(decoder, world.chat(effort.texts()));
        Progress.Task bar = progress.begin("reading", 4L * candidates.size() - 1)) {
      Runnable tick = () -> bar.step(1);
      return new Found(
          Efficiency.measure(task, candidates, tick),
          Stability.measure(task, candidates, effort.turns(), recipe.seed(), tick),
          Significance.measure(documents, candidates, norms, tick),
          Significance.measure(chats, candidates, norms, tick),
          Gram.of(both),
          Gram.ofWriters(both),
          reversion(pair, both.get(0)));
    }
  }

  private Change change(String name, PeftAdapter adapter, OrganismPair pair) {
    return new AdapterChange(name, adapter, pair.config());
  }

  private Reversion reversion(OrganismPair pair, Change general) {
    Map<String, PeftAdapter> adapters = new LinkedHashMap<>();
    pair.dropped().forEach((step, adapter) -> adapters.put("dropped-" + step, adapter));
    adapters.put("kept", OrganismPair.last(pair.kept()));
    adapters.put(GENERAL, OrganismPair.last(pair.general()));
    Map<String, Shares> shares =
        new Behaviour(folder, recipe, pair.recipe().domain()).of(adapters, effort.answers());
    List<Reversion.Point> points = new ArrayList<>();
    int last = 0;
    for (int step : pair.dropped().keySet()) {
      last = step;
      points.add(point(step, "dropped-" + step, adapters, shares, pair, general));
    }
    return new Reversion(
        points,
        point(last, "kept", adapters, shares, pair, general),
        point(0, GENERAL, adapters, shares, pair, general));
  }

  private Reversion.Point point(
      int step,
      String name,
      Map<String, PeftAdapter> adapters,
      Map<String, Shares> shares,
      OrganismPair pair,
      Change general) {
    Change change = change(name, adapters.get(name), pair);
    return new Reversion.Point(
        step,
        Gram.of(List.of(change, general)).cosine(0, 1),
        change.norm(),
        shares.get(name).own(),
        shares.get(name).elsewhere());
  }
}
