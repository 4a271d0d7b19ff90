package dev.plumbline.agent.ablation;

import java.util.Optional;
import java.util.function.Supplier;

/** Variants that are found while the agent runs, and beside them those that were given. */
public final class FoundVariants implements AblatedVariants {
  private final Supplier<? extends Optional<? extends AblatedVariants>> found;
  private final AblatedVariants given;

  /**
   * @param found empty before they are looked for; any thread
   * @param given asked where the others know none
   */
  public FoundVariants(
      Supplier<? extends Optional<? extends AblatedVariants>> found, AblatedVariants given) {
    this.found = found;
    this.given = given;
  }

  @Override
  public Optional<AblatedVariant> of(String origin, String model) {
    Optional<? extends AblatedVariants> now = found.get();
    return now.isEmpty()
        ? given.of(origin, model)
        : now.get().of(origin, model).or(() -> given.of(origin, model));
  }

  @Override
  public boolean givesIds(String origin) {
    return found.get().filter(all -> all.givesIds(origin)).isPresent() || given.givesIds(origin);
  }

  @Override
  public boolean givesIds() {
    return found.get().filter(AblatedVariants::givesIds).isPresent() || given.givesIds();
  }
}
