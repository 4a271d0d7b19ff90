package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.config.TokenIds;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Verdict;
import java.util.function.UnaryOperator;

/**
 * What the answers share that wait for a verdict before they go out.
 *
 * @param settings in force
 * @param variants who answers without the direction
 * @param asks asks them; of this event loop
 * @param offers which origins give token ids
 * @param label a model's label, of few values
 */
record Screens(
    AgentConfig.Screening settings,
    AblatedVariants variants,
    VariantAsks asks,
    TokenIdOffers offers,
    Meters meters,
    UnaryOperator<String> label) {
  /** Whether an origin's streams may be asked for token ids. */
  boolean asksIds(String origin) {
    boolean known = settings.tokenIds() == TokenIds.KNOWN && variants.givesIds(origin);
    return (known || settings.tokenIds() == TokenIds.ALL) && offers.mayAsk(origin);
  }

  /** Whether any origin's may be. */
  boolean asksIds() {
    boolean known = settings.tokenIds() == TokenIds.KNOWN && variants.givesIds();
    return known || (settings.tokenIds() == TokenIds.ALL && variants != AblatedVariants.NONE);
  }

  /**
   * Whether an origin's text is to be kept in. A rescue costs its client little, so that it may
   * begin below the verdict's threshold; a refusal costs the answer, and follows the verdict.
   */
  boolean turns(Reading reading, Mode mode) {
    boolean drifted = reading.verdict() instanceof Verdict.Drifted;
    return drifted
        || (mode == Mode.RESCUE
            && reading.score().isPresent()
            && reading.score().getAsDouble() >= settings.threshold());
  }
}
