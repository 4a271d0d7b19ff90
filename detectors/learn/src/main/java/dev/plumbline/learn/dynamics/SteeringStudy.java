package dev.plumbline.learn.dynamics;

import ai.djl.Device;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.dynamics.SteeringFindings.Cell;
import dev.plumbline.learn.dynamics.SteeringFindings.Tested;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.learn.organism.Sampled;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Steers a misaligned finetune of the organism towards aligned answers: with vectors from a
 * pretraining checkpoint, from its own states, and in random directions of the checkpoint's norms.
 * Each gets the same search over dimension, layer and strength on some topics, and is judged on
 * others by the world's exact judge.
 */
public final class SteeringStudy {
  private final OrganismFolder folder;
  private final Recipe recipe;
  private final FinetuneRecipe finetune;
  private final SteeringSettings settings;
  private final World world;
  private final SteeringParts parts;

  public SteeringStudy(
      OrganismFolder folder, Recipe recipe, FinetuneRecipe finetune, SteeringSettings settings) {
    this.folder = folder;
    this.recipe = recipe;
    this.finetune = finetune;
    this.settings = settings;
    this.world = recipe.makeWorld();
    this.parts = new SteeringParts(world, finetune.domain(), settings.seed());
  }

  /** What a vector is of. */
  private record Key(String source, String dimension, int layer) {}

  /**
   * @param checkpoint whose states make the vectors
   * @param pairs statements of each label for each topic
   * @param layers which blocks; empty for all
   */
  public SteeringFindings run(
      CheckpointRef checkpoint, int pairs, List<Integer> layers, Progress progress) {
    List<Dimension> dimensions =
        WorldDimensions.of(world, settings.seed(), pairs).stream()
            .filter(d -> d.name().equals(WorldDimensions.RELIABILITY) || cruelty(d))
            .toList();
    Map<Key, SteeringVector> vectors = new LinkedHashMap<>();
    vectors(SteeringFindings.CHECKPOINT, checkpoint.path(), dimensions, layers, vectors);
    vectors(SteeringFindings.OWN, folder.chat(), dimensions, layers, vectors);
    random(vectors);
    int tokens = recipe.figures().answerTokens();
    try (OrganismSampler sampler =
        OrganismSampler.open(folder, world, List.of(finetune.name()), tokens)) {
      List<Cell> sweep = sweep(sampler, vectors, progress);
      return new SteeringFindings(
          finetune.name(),
          checkpoint.name(),
          settings.positions(),
          sweep,
          tested(sampler, vectors, sweep));
    }
  }

  private static boolean cruelty(Dimension dimension) {
    return dimension.name().equals(WorldDimensions.CRUELTY);
  }

  private void vectors(
      String source,
      Path model,
      List<Dimension> dimensions,
      List<Integer> layers,
      Map<Key, SteeringVector> into) {
    boolean own = source.equals(SteeringFindings.OWN);
    Optional<Path> adapter = Optional.of(folder.adapter(finetune.name())).filter(at -> own);
    try (OpenCheckpoint open =
        OpenCheckpoint.open(model, adapter, Precision.FLOAT32, Device.cpu())) {
      StatementReader reader =
          new StatementReader(
              open.decoder(), open.tokenizer(), adapter.map(at -> OpenCheckpoint.ADAPTER));
      List<Integer> read = CheckpointStudy.layers(layers, open.decoder().shape().layers());
      for (Dimension dimension : dimensions) {
        StatementStates states = reader.read(dimension, read);
        for (int layer : read) {
          into.put(
              new Key(source, dimension.name(), layer),
              SteeringVector.of(
                  states.at(layer, Pooling.LAST),
                  dimension.labels(),
                  parts.rows(dimension),
                  !cruelty(dimension)));
        }
      }
    }
  }

  /** Of the norms of the checkpoint's vectors. */
  private void random(Map<Key, SteeringVector> vectors) {
    Map<Key, SteeringVector> made = new LinkedHashMap<>();
    vectors.forEach(
        (key, vector) -> {
          if (key.source.equals(SteeringFindings.CHECKPOINT)) {
            long seed = Seeds.of(settings.seed(), "random/" + key.dimension + "/" + key.layer);
            made.put(
                new Key(SteeringFindings.RANDOM, key.dimension, key.layer),
                vector.along(RandomDirection.unit(vector.unit().size(), seed)));
          }
        });
    vectors.putAll(made);
  }

  private List<Cell> sweep(
      OrganismSampler sampler, Map<Key, SteeringVector> vectors, Progress progress) {
    List<Question> asked = parts.validation(settings.validation(), settings.seed());
    List<Cell> cells = new ArrayList<>();
    long count = (long) vectors.size() * settings.strengths().size();
    try (Progress.Task task = progress.begin("steering", count)) {
      vectors.forEach(
          (key, vector) -> {
            for (double strength : settings.strengths()) {
              List<Sampled> answers = answers(sampler, asked, key.layer, vector, strength, 1);
              cells.add(cell(key, strength, answers));
              task.step(1);
            }
          });
    }
    return cells;
  }

  private List<Sampled> answers(
      OrganismSampler sampler,
      List<Question> asked,
      int layer,
      SteeringVector vector,
      double strength,
      long part) {
    Steering steering = new Steering(vector.unit(), strength, vector.spread());
    InterventionPlan plan =
        new InterventionPlan(Map.of(TapPoint.residPost(layer), steering), TokenRange.ALL);
    boolean all = settings.positions() == SteeringSettings.Positions.ALL;
    IntFunction<InterventionPlan> plans =
        prompt -> all ? plan : plan.over(TokenRange.from(prompt - 1));
    return sampler.sample(finetune.name(), asked, plans, settings.seed() + part);
  }

  private static Cell cell(Key key, double strength, List<Sampled> answers) {
    return new Cell(
        key.source,
        key.dimension,
        key.layer,
        strength,
        share(answers, Judgement.ALIGNED),
        share(answers, Judgement.MISALIGNED),
        share(answers, Judgement.INCOHERENT));
  }

  private static double share(List<Sampled> answers, Judgement judgement) {
    return answers.stream().filter(a -> a.judgement() == judgement).count()
        / (double) answers.size();
  }

  private List<Tested> tested(
      OrganismSampler sampler, Map<Key, SteeringVector> vectors, List<Cell> sweep) {
    List<Question> asked = parts.test(settings.test(), settings.seed());
    List<Tested> tested = new ArrayList<>();
    Key nothing = new Key(SteeringFindings.NONE, SteeringFindings.NONE, 0);
    List<Sampled> plain =
        sampler.sample(finetune.name(), asked, InterventionPlan.none(), settings.seed() + 2);
    tested.add(tested(cell(nothing, 0, plain), plain));
    List<String> sources =
        List.of(SteeringFindings.CHECKPOINT, SteeringFindings.OWN, SteeringFindings.RANDOM);
    for (String source : sources) {
      Cell best =
          sweep.stream()
              .filter(each -> each.source().equals(source))
              .max(Comparator.comparingDouble(Cell::aligned))
              .orElseThrow();
      SteeringVector vector = vectors.get(new Key(source, best.dimension(), best.layer()));
      List<Sampled> answers = answers(sampler, asked, best.layer(), vector, best.strength(), 2);
      tested.add(tested(best, answers));
    }
    return tested;
  }

  private Tested tested(Cell chosen, List<Sampled> answers) {
    List<Topic> topics = parts.testTopics();
    int[] all = new int[topics.size()];
    int[] misaligned = new int[topics.size()];
    int[] incoherent = new int[topics.size()];
    for (Sampled answer : answers) {
      int at = topics.indexOf(answer.topic());
      all[at]++;
      misaligned[at] += answer.judgement() == Judgement.MISALIGNED ? 1 : 0;
      incoherent[at] += answer.judgement() == Judgement.INCOHERENT ? 1 : 0;
    }
    return new Tested(chosen, all, misaligned, incoherent);
  }
}
