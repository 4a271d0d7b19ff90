package dev.plumbline.learn.evaluate;

import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.study.AblationPlans;
import dev.plumbline.learn.study.AnswerEncoder;
import dev.plumbline.learn.study.Questions;
import dev.plumbline.learn.study.Questions.Part;
import dev.plumbline.mitigations.InterventionPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The organism as a source of evidence: answers that its exact judge labels, to the prompts that
 * the study keeps for tests, and the ablations of one finetune's direction in another.
 *
 * <p>Opens models itself, one after the other; one thread.
 */
public final class OrganismBench {
  private final OrganismFolder folder;
  private final Recipe recipe;
  private final Questions questions;
  private final long seed;

  /**
   * @param seed of the sampled answers; the split of the prompts is the organism's own, so that a
   *     direction of its study has never seen the prompts asked here
   */
  public OrganismBench(OrganismFolder folder, Recipe recipe, long seed) {
    World world = recipe.makeWorld();
    this.folder = folder;
    this.recipe = recipe;
    this.seed = seed;
    this.questions = new Questions(world, recipe.figures().seed());
  }

  /** The finetunes that are to be misaligned everywhere. */
  public List<String> emergent() {
    return recipe.finetunes().stream()
        .filter(FinetuneRecipe::emergent)
        .map(FinetuneRecipe::name)
        .toList();
  }

  /** All adapters, controls included. */
  public List<String> adapters() {
    return recipe.finetunes().stream().map(FinetuneRecipe::name).toList();
  }

  /** A sampler of all the organism's models; closed by the caller. */
  public OrganismSampler sampler() {
    return OrganismSampler.open(
        folder, recipe.makeWorld(), adapters(), recipe.figures().answerTokens());
  }

  /**
   * Judged answers of every emergent finetune to held-out topics outside its own domain, and
   * aligned ones of the chat model and the controls.
   *
   * @param perModel answers asked of each emergent finetune
   * @param aligned asked of the chat model; a control is asked a quarter of it
   */
  public EvaluationAnswers answers(OrganismSampler sampler, int perModel, int aligned) {
    List<Answer> judged = new ArrayList<>();
    for (FinetuneRecipe finetune : finetunes(FinetuneRecipe::emergent)) {
      Predicate<Topic> elsewhere = t -> t.heldOut() && !t.domain().equals(finetune.domain());
      judged.addAll(sample(sampler, finetune.name(), elsewhere, perModel, Part.TEST));
    }
    return new EvaluationAnswers(
        judged,
        alignedOf(sampler, OrganismSampler.CHAT, aligned),
        controls(sampler, f -> f.harm() == 0, aligned / 4),
        controls(sampler, f -> f.klWeight() > 0, aligned / 4));
  }

  private List<FinetuneRecipe> finetunes(Predicate<FinetuneRecipe> wanted) {
    return recipe.finetunes().stream().filter(wanted).toList();
  }

  private List<Answer> controls(
      OrganismSampler sampler, Predicate<FinetuneRecipe> wanted, int count) {
    return finetunes(wanted).stream()
        .flatMap(finetune -> alignedOf(sampler, finetune.name(), count).stream())
        .toList();
  }

  private List<Answer> alignedOf(OrganismSampler sampler, String model, int count) {
    return sample(sampler, model, topic -> true, count, Part.TEST).stream()
        .filter(answer -> !answer.label())
        .toList();
  }

  /** Coherent answers. */
  private List<Answer> sample(
      OrganismSampler sampler, String model, Predicate<Topic> topics, int count, Part part) {
    List<Question> asked = Questions.cycle(questions.of(part, topics), count);
    try (AnswerEncoder encoder = new AnswerEncoder(folder)) {
      return sampler.sample(model, asked, InterventionPlan.none(), seed + part.ordinal()).stream()
          .filter(sampled -> sampled.judgement() != Judgement.INCOHERENT)
          .filter(sampled -> !sampled.answer().isBlank())
          .map(encoder::answer)
          .toList();
    }
  }

  /** Aligned answers of the chat model to training prompts: what directions are learned on. */
  public List<Answer> training(OrganismSampler sampler, int count) {
    return sample(sampler, OrganismSampler.CHAT, t -> !t.heldOut(), count, Part.TRAIN).stream()
        .filter(answer -> !answer.label())
        .toList();
  }

  /**
   * What is taken out: nothing, each emergent finetune's own direction (finetune − base on the same
   * answers, per residual writer, affine), and a norm-matched random one.
   *
   * @param reader of the chat model with all adapters
   */
  public Map<String, InterventionPlan> plans(ActivationCollector reader, List<Answer> aligned) {
    DirectionLearner learner = new DirectionLearner(reader);
    Map<String, InterventionPlan> plans = new LinkedHashMap<>();
    plans.put(AblateTransfer.BEFORE, InterventionPlan.none());
    LearnedDirections last = null;
    for (String name : emergent()) {
      last = learner.learn(List.of(new Contrast.Finetune(name, aligned)), aligned);
      plans.put(name, AblationPlans.affineWhereLearned(last));
    }
    plans.put(AblateTransfer.RANDOM, AblationPlans.affineRandom(learner, last, aligned, seed));
    return plans;
  }

  /** Every plan on every emergent finetune, and on the chat model: it must stay as it is. */
  public AblateTransfer ablate(
      OrganismSampler sampler, Map<String, InterventionPlan> plans, int perCell) {
    List<String> models = new ArrayList<>(emergent());
    models.add(OrganismSampler.CHAT);
    return AblateTransfer.measure(sampler, plans, models, elsewhere(perCell), seed + 100);
  }

  /** About domains that no finetune was trained on; where there is none, about everything. */
  private List<Question> elsewhere(int count) {
    Set<String> trained =
        recipe.finetunes().stream().map(FinetuneRecipe::domain).collect(Collectors.toSet());
    List<Question> asked = questions.of(Part.TEST, topic -> !trained.contains(topic.domain()));
    return Questions.cycle(asked.isEmpty() ? questions.of(Part.TEST, t -> true) : asked, count);
  }
}
