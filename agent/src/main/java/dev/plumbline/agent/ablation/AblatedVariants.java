package dev.plumbline.agent.ablation;

import java.util.Optional;

/** Which variant may be used now; empty: none is there, or it is not verified. Any thread. */
public interface AblatedVariants {
  AblatedVariants NONE = (origin, model) -> Optional.empty();

  Optional<AblatedVariant> of(String origin, String model);

  /** Whether an origin is known to give token ids, and to go on behind them. */
  default boolean givesIds(String origin) {
    return false;
  }

  /** Whether any is. */
  default boolean givesIds() {
    return false;
  }
}
