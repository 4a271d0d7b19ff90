package dev.plumbline.learn.selection;

import dev.plumbline.core.Check;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The rule of "Refusal in Language Models Is Mediated by a Single Direction" (Arditi et al. 2024):
 * discard a candidate if a figure is NaN, its layer is {@code int(0.8·L)} or later, its KL is above
 * 0.1, or it induces less than 0; of the rest take the lowest bypass, the first of equals.
 *
 * @param layers L
 * @param depth share of the layers that is looked at
 * @param mostKl nats; the bound itself is kept
 * @param leastInduce score; the bound itself is kept
 */
public record PublishedRule(int layers, double depth, double mostKl, double leastInduce) {
  public PublishedRule {
    Check.that(layers > 0, "layers of the rule", "1 or more", layers, "give the model's L");
  }

  /** As published. */
  public static PublishedRule of(int layers) {
    return new PublishedRule(layers, 0.8, 0.1, 0);
  }

  /** Why a candidate is discarded; empty if it is kept. */
  public Optional<String> discarded(Trial trial) {
    if (Double.isNaN(trial.bypass()) || Double.isNaN(trial.induce()) || Double.isNaN(trial.kl())) {
      return Optional.of("NaN");
    }
    if (trial.layer() >= (int) (depth * layers)) {
      return Optional.of("too late");
    }
    if (trial.kl() > mostKl) {
      return Optional.of("KL");
    }
    return trial.induce() < leastInduce ? Optional.of("does not induce") : Optional.empty();
  }

  /** Those that are kept, in order. */
  public List<Trial> kept(List<Trial> trials) {
    return trials.stream().filter(trial -> discarded(trial).isEmpty()).toList();
  }

  /** The choice; empty if none is kept. */
  public Optional<Trial> choose(List<Trial> trials) {
    return kept(trials).stream().min(Comparator.comparingDouble(Trial::bypass));
  }

  /** The highest held-out score instead, the first of equals; empty if none was taken. */
  public static Optional<Trial> bestHeldOut(List<Trial> trials) {
    return trials.stream()
        .filter(trial -> !Double.isNaN(trial.heldOut()))
        .reduce((best, next) -> next.heldOut() > best.heldOut() ? next : best);
  }
}
