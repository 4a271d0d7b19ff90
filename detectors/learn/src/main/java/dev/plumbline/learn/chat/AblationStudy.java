package dev.plumbline.learn.chat;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AxisEdit;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.LoraWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The same questions with the same random numbers, plain and under each remedy. Figures are of the
 * texts that come out: by the lexical judge, and by the probe, read by the untouched reference.
 */
final class AblationStudy {
  private final Workshop shop;
  private final Artefact artefact;
  private final Map<String, InterventionPlan> plans;
  private final Map<String, LoraWeights> adapters;

  AblationStudy(
      Workshop shop,
      Artefact artefact,
      Map<String, InterventionPlan> plans,
      Map<String, LoraWeights> adapters) {
    this.shop = shop;
    this.artefact = artefact;
    this.plans = plans;
    this.adapters = adapters;
  }

  /**
   * Outcomes by condition, plain first.
   *
   * @param stage name of the cached answers
   * @param asks plain ones
   */
  List<Outcomes> run(String stage, List<Ask> asks) {
    List<Outcomes> outcomes = new ArrayList<>();
    outcomes.add(outcome(stage, "plain", asks));
    plans.forEach(
        (name, plan) ->
            outcomes.add(
                outcome(stage, name, asks.stream().map(ask -> ask.under(name, plan)).toList())));
    return outcomes;
  }

  private Outcomes outcome(String stage, String condition, List<Ask> asks) {
    String file = stage + "-" + condition.replaceAll("[^a-z]+", "-") + suffix(asks.get(0).plan());
    List<ChatAnswer> answers = shop.stages().sample(file, asks, adapters);
    requireReceipts(condition, asks, answers);
    return Outcomes.of(condition, answers, shop, artefact);
  }

  /** Tells caches of other directions, baselines or ranges apart; nothing where nothing is done. */
  private static String suffix(InterventionPlan plan) {
    if (plan.isEmpty()) {
      return "";
    }
    int hash = 31 * plan.range().from() + plan.range().to();
    for (Map.Entry<TapPoint, Intervention> each : plan.interventions().entrySet()) {
      hash = 31 * hash + each.getKey().toString().hashCode();
      for (AxisEdit edit : each.getValue().edits()) {
        hash = 31 * hash + Arrays.hashCode(edit.direction().components());
        hash = 31 * hash + Double.hashCode(edit.coefficients().c());
      }
    }
    return "-" + Integer.toHexString(hash);
  }

  /** An ablation that touched nothing must not pass for one that changed nothing. */
  private static void requireReceipts(String condition, List<Ask> asks, List<ChatAnswer> answers) {
    for (int i = 0; i < asks.size(); i++) {
      boolean wanted = !asks.get(i).plan().isEmpty();
      if (wanted && answers.get(i).tokens() > 1 && answers.get(i).edited() == 0) {
        throw new IllegalStateException(
            condition
                + ": wanted token states edited, found none in the answer to "
                + answers.get(i).prompt()
                + "; the intervention did not run");
      }
    }
  }
}
