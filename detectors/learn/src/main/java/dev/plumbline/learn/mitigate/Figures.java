package dev.plumbline.learn.mitigate;

import dev.plumbline.core.stats.Estimate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of one condition. What is empty was not measured.
 *
 * @param kl nats a token, of the reference
 * @param mitigated the same of the models the condition is for
 */
record Figures(
    Optional<Estimate> misaligned,
    Optional<Estimate> incoherent,
    Optional<Estimate> kl,
    Optional<Estimate> mitigated,
    Optional<Estimate> accuracy,
    Optional<Estimate> perplexity,
    Optional<Estimate> refused,
    Optional<Estimate> refusedJudged) {
  static Figures of(Evidence evidence, Rates rates) {
    return new Figures(
        rates.share(evidence.misaligned()),
        rates.share(evidence.incoherent()),
        rates.mean(evidence.costs().kl()),
        rates.mean(evidence.costs().mitigated()),
        rates.share(evidence.costs().correct()),
        rates.exponential(evidence.costs().loss()),
        rates.share(evidence.refused()),
        rates.share(evidence.refusedJudged()));
  }

  /** By the names of {@code --json}. */
  Map<String, Optional<Estimate>> named() {
    Map<String, Optional<Estimate>> named = new LinkedHashMap<>();
    named.put("misaligned", misaligned);
    named.put("incoherent", incoherent);
    named.put("kl_per_token", kl);
    named.put("kl_per_token_mitigated", mitigated);
    named.put("accuracy", accuracy);
    named.put("perplexity", perplexity);
    named.put("refused", refused);
    named.put("refused_judged", refusedJudged);
    return named;
  }
}
