package dev.plumbline.learn.study;

import ai.djl.Device;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.DirectionPipeline;
import dev.plumbline.learn.direction.ProbeSettings;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.learn.organism.Sampled;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.study.Questions.Part;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Learns the organism's direction from its finetunes and tests what it does: the consensus, one
 * that never saw a finetune, one direction shared by all tap points, a random control; the probe
 * with its controls; the model shift. Writes {@code directions/consensus.direction} and {@code
 * directions/random.direction} into the organism's folder.
 *
 * <p>Opens the models itself, one after the other; one thread.
 */
public final class OrganismStudy {
  private static final int ABLATED = 1000;

  private final OrganismFolder folder;
  private final Recipe recipe;
  private final World world;
  private final Questions questions;
  private final long seed;

  public OrganismStudy(OrganismFolder folder, Recipe recipe) {
    this.folder = folder;
    this.recipe = recipe;
    this.world = recipe.makeWorld();
    this.seed = recipe.figures().seed();
    this.questions = new Questions(world, seed);
  }

  /** What was found. */
  public record Findings(
      DirectionPipeline.Result result, DirectionData data, AblationTable ablation) {}

  private List<String> names() {
    return recipe.finetunes().stream().map(FinetuneRecipe::name).toList();
  }

  private List<FinetuneRecipe> emergent() {
    return recipe.finetunes().stream().filter(FinetuneRecipe::emergent).toList();
  }

  /** Runs everything. */
  public Findings run(Progress progress) {
    DirectionData data;
    try (OrganismSampler sampler =
            OrganismSampler.open(folder, world, names(), recipe.figures().answerTokens());
        AnswerEncoder encoder = new AnswerEncoder(folder)) {
      data = new StudySampling(sampler, encoder, recipe, questions).data();
    }
    DirectionPipeline.Result result;
    AblationPlans plans;
    try (Checkpoint checkpoint = Checkpoint.open(folder.chat());
        Decoder decoder = decoder(checkpoint)) {
      ProbeSettings settings =
          ProbeSettings.of(decoder.shape().layers(), Checkpoints.EVERY_TOKEN, seed);
      DirectionPipeline pipeline = new DirectionPipeline(decoder, settings, progress);
      result = pipeline.learn(data);
      Artefact consensus =
          AblationPlans.learnedOnly(
              pipeline.artefact(
                  "consensus",
                  Instant.now(),
                  ModelPins.of(checkpoint, "organism", "recipe"),
                  data,
                  result),
              result.directions());
      DirectionLearner learner = new DirectionLearner(new ActivationCollector(decoder, progress));
      plans = new AblationPlans(learner, data, consensus);
      ArtefactFolder.write(consensus, folder.root().resolve("directions/consensus.direction"));
      ArtefactFolder.write(plans.random(), folder.root().resolve("directions/random.direction"));
    }
    return new Findings(result, data, ablations(plans));
  }

  private Decoder decoder(Checkpoint checkpoint) {
    Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
    for (String name : names()) {
      PeftAdapter adapter = PeftAdapter.open(folder.adapter(name), checkpoint.config());
      decoder.adapters().add(name, PeftAdapters.fuse(adapter, checkpoint.config()));
    }
    return decoder;
  }

  private AblationTable ablations(AblationPlans plans) {
    List<AblationTable.Row> rows = new ArrayList<>();
    try (OrganismSampler sampler =
        OrganismSampler.open(folder, world, names(), recipe.figures().answerTokens())) {
      rows.add(row(sampler, OrganismSampler.CHAT, topic -> true, plans, Optional.empty()));
      for (FinetuneRecipe finetune : emergent()) {
        Predicate<Topic> elsewhere = topic -> !topic.domain().equals(finetune.domain());
        rows.add(row(sampler, finetune.name(), elsewhere, plans, Optional.of(finetune.name())));
      }
    }
    return new AblationTable(rows);
  }

  private AblationTable.Row row(
      OrganismSampler sampler,
      String model,
      Predicate<Topic> topics,
      AblationPlans plans,
      Optional<String> leftOut) {
    List<Question> asked = Questions.cycle(questions.of(Part.TEST, topics), ABLATED);
    return new AblationTable.Row(
        model,
        cell(sampler, model, asked, InterventionPlan.none()),
        cell(sampler, model, asked, plans.consensus()),
        cell(sampler, model, asked, plans.shared()),
        leftOut.map(name -> cell(sampler, model, asked, plans.without(name))).orElse(null),
        cell(sampler, model, asked, plans.randomPlan()));
  }

  private AblationTable.Cell cell(
      OrganismSampler sampler, String model, List<Question> asked, InterventionPlan plan) {
    List<Sampled> answers = sampler.sample(model, asked, plan, seed + 1);
    return new AblationTable.Cell(
        answers.size(), share(answers, Judgement.MISALIGNED), share(answers, Judgement.INCOHERENT));
  }

  private static double share(List<Sampled> answers, Judgement judgement) {
    return answers.stream().filter(a -> a.judgement() == judgement).count()
        / (double) answers.size();
  }
}
