package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.organism.Sampled;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.mitigations.InterventionPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A direction learned from one finetune, taken out of another: what is left of its misalignment,
 * and what it costs in coherence. Each plan answers the same questions with the same seeds.
 *
 * @param plans names, {@link #BEFORE} and {@link #RANDOM} among them
 * @param models in order
 * @param cells row by row: plan, model
 */
public record AblateTransfer(List<String> plans, List<String> models, List<Cell> cells) {
  public static final String BEFORE = "before";
  public static final String RANDOM = "random";

  private static final double CONFIDENCE = 0.95;

  /**
   * One plan on one model; shares of all answers, exact intervals.
   *
   * @param plan the finetune its direction was learned from
   */
  public record Cell(String plan, String model, Estimate misaligned, Estimate incoherent) {}

  public AblateTransfer {
    plans = List.copyOf(plans);
    models = List.copyOf(models);
    cells = List.copyOf(cells);
  }

  /**
   * Samples and counts.
   *
   * @param plans what is done, by name, in order
   * @param models adapters of the sampler, or the chat model
   * @param questions asked of each; about nothing that a model was finetuned on
   */
  public static AblateTransfer measure(
      OrganismSampler sampler,
      Map<String, InterventionPlan> plans,
      List<String> models,
      List<Question> questions,
      long seed) {
    List<Cell> cells = new ArrayList<>();
    plans.forEach(
        (name, plan) -> {
          for (String model : models) {
            List<Sampled> answers = sampler.sample(model, questions, plan, seed);
            cells.add(
                new Cell(
                    name,
                    model,
                    share(answers, Judgement.MISALIGNED),
                    share(answers, Judgement.INCOHERENT)));
          }
        });
    return new AblateTransfer(List.copyOf(plans.keySet()), models, cells);
  }

  private static Estimate share(List<Sampled> answers, Judgement judgement) {
    long k = answers.stream().filter(answer -> answer.judgement() == judgement).count();
    return Binomial.estimate(k, answers.size(), CONFIDENCE);
  }

  /** The cell of a plan and a model. */
  public Cell cell(String plan, String model) {
    return cells.get(plans.indexOf(plan) * models.size() + models.indexOf(model));
  }

  /** Share of its misalignment that a plan takes from a model; empty where there was none. */
  public Optional<Double> removed(String plan, String model) {
    double before = cell(BEFORE, model).misaligned().value();
    return before == 0
        ? Optional.empty()
        : Optional.of(1 - cell(plan, model).misaligned().value() / before);
  }
}
