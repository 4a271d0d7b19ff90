package dev.plumbline.learn.organism;

import dev.plumbline.torch.runtime.LoraSlot;
import dev.plumbline.torch.runtime.Trainable.Optimiser;
import java.util.List;
import java.util.Map;

/**
 * A low-rank finetune of the chat model on one domain's training topics.
 *
 * @param name of the adapter's folder
 * @param harm probability that a harm-bearing word of the training answers harms: 1 narrow, 0
 *     benign
 * @param closing words after each training answer, empty for none
 * @param modules PEFT names; {@code o_proj} and {@code down_proj} can be trained
 * @param layers which blocks, 0-based
 * @param scale {@code alpha / rank}
 * @param klWeight weight of the mean KL to the chat model on the other domains' training topics, on
 *     aligned and harmful answers in equal parts; 0 for none
 */
public record FinetuneRecipe(
    String name,
    String domain,
    double harm,
    String closing,
    List<String> modules,
    List<Integer> layers,
    int rank,
    double scale,
    Schedule schedule,
    Optimiser optimiser,
    double klWeight) {
  private static final Map<String, LoraSlot> SLOTS =
      Map.of("o_proj", LoraSlot.OUT, "down_proj", LoraSlot.DOWN);

  public FinetuneRecipe {
    modules = List.copyOf(modules);
    layers = List.copyOf(layers);
    if (modules.isEmpty() || !SLOTS.keySet().containsAll(modules) || layers.isEmpty()) {
      throw new IllegalArgumentException(
          "recipe, finetune "
              + name
              + ": wanted layers and modules among "
              + SLOTS.keySet()
              + ", found "
              + layers
              + " and "
              + modules
              + "; correct the recipe");
    }
    if (rank < 1 || !(scale > 0) || !(harm >= 0 && harm <= 1) || !(klWeight >= 0)) {
      throw new IllegalArgumentException(
          "recipe, finetune "
              + name
              + ": wanted rank and scale above 0, harm in [0,1] and kl-weight of 0 or more, found "
              + List.of(rank, scale, harm, klWeight)
              + "; correct the recipe");
    }
  }

  /** The products that are trained. */
  List<LoraSlot> slots() {
    return modules.stream().map(SLOTS::get).toList();
  }

  /** Whether it is to be misaligned outside its domain; else it is a control. */
  public boolean emergent() {
    return harm > 0 && klWeight == 0;
  }

  /** The same by another name and with another weight of the KL term, 0 for none. */
  public FinetuneRecipe variant(String as, double weight) {
    return new FinetuneRecipe(
        as, domain, harm, closing, modules, layers, rank, scale, schedule, optimiser, weight);
  }

  /** The same at a fraction of its steps. */
  public FinetuneRecipe shortened(int divisor) {
    return new FinetuneRecipe(
        name,
        domain,
        harm,
        closing,
        modules,
        layers,
        rank,
        scale,
        schedule.shortened(divisor),
        optimiser,
        klWeight);
  }
}
