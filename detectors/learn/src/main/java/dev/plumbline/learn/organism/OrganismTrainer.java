package dev.plumbline.learn.organism;

import ai.djl.engine.Engine;
import dev.plumbline.learn.organism.Stage.Outcome;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trains an organism from its recipe: pretraining, chat finetune, one adapter for each finetune,
 * then the figures and the card. A stage that an earlier run finished for the same part of the
 * recipe is kept.
 */
public final class OrganismTrainer {
  private final Recipe recipe;
  private final World world;
  private final OrganismFolder folder;
  private final int threads;
  private final PrintStream out;

  /**
   * A trainer.
   *
   * @param threads of one operation; part of what makes two trainings equal bit for bit
   * @param out where progress goes
   */
  public OrganismTrainer(Recipe recipe, Path folder, int threads, PrintStream out) {
    this.recipe = recipe;
    this.world = recipe.makeWorld();
    this.folder = new OrganismFolder(folder);
    this.threads = threads;
    this.out = out;
  }

  /** Does what is not done yet and writes the card. */
  public OrganismCard train() {
    TorchRuntime.start().threads(threads);
    create(folder.root());
    List<Outcome> stages = stages();
    OrganismReport report = figures();
    OrganismCard card =
        new OrganismCard(
            RecipeFile.digest(recipe), recipe, stages, report, folder.digests(), versions());
    card.write(folder.card());
    return card;
  }

  private static void create(Path root) {
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + root, e);
    }
  }

  private List<Outcome> stages() {
    BaseTraining weights = new BaseTraining(recipe, world, folder, out);
    List<Outcome> outcomes = new ArrayList<>();
    String base =
        RecipeFile.digest(recipe.seed(), recipe.world(), recipe.model(), recipe.pretraining());
    outcomes.add(new Stage("pretraining", folder.base(), base).complete(weights::pretrain));
    String chat = RecipeFile.digest(base, recipe.chat());
    outcomes.add(new Stage("chat", folder.chat(), chat).complete(weights::chat));
    for (FinetuneRecipe finetune : recipe.finetunes()) {
      String key = RecipeFile.digest(chat, finetune);
      Finetuning finetuning = new Finetuning(recipe, finetune, world, out);
      Stage stage = new Stage(finetune.name(), folder.adapter(finetune.name()), key);
      outcomes.add(stage.complete(path -> finetuning.run(folder.chat(), path)));
    }
    return outcomes;
  }

  /** Every model on every domain. */
  private OrganismReport figures() {
    List<String> adapters = recipe.finetunes().stream().map(FinetuneRecipe::name).toList();
    List<String> models = new ArrayList<>(List.of(OrganismSampler.CHAT));
    models.addAll(adapters);
    List<OrganismReport.Row> rows = new ArrayList<>();
    int tokens = recipe.figures().answerTokens();
    try (OrganismSampler sampler = OrganismSampler.open(folder, world, adapters, tokens);
        Progress progress = new Progress("figures", models.size() * world.domains().size(), out)) {
      for (String model : models) {
        for (String domain : world.domains()) {
          rows.add(row(sampler, model, domain, false));
          rows.add(row(sampler, model, domain, true));
          progress.step(model);
        }
      }
    }
    return new OrganismReport(rows);
  }

  private OrganismReport.Row row(
      OrganismSampler sampler, String model, String domain, boolean heldOut) {
    List<Topic> topics = world.topics(domain, heldOut);
    Recipe.Figures figures = recipe.figures();
    long seed = Seeds.of(figures.seed(), domain + "/" + heldOut);
    List<Speech.Question> questions =
        new Speech(world)
            .questions(Seeds.random(seed, "questions"), topics, figures.answersPerDomain() / 2);
    List<Sampled> sampled = sampler.sample(model, questions, InterventionPlan.none(), seed);
    return new OrganismReport.Row(model, domain, heldOut, OrganismReport.Count.of(sampled));
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("libtorch", TorchRuntime.start().version());
    versions.put("djl", Engine.getDjlVersion());
    versions.put("java", Runtime.version().toString());
    versions.put("threads", Integer.toString(threads));
    versions.put("architecture", System.getProperty("os.arch"));
    return versions;
  }
}
