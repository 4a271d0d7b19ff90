package dev.plumbline.learn.reproduce;

import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.organism.OrganismReport.Count;
import dev.plumbline.learn.organism.Sampled;
import dev.plumbline.learn.organism.world.Judgement;
import java.util.List;
import java.util.Locale;

/** Shares of answers with exact intervals at 95 %. */
final class Shares {
  private static final double CONFIDENCE = 0.95;

  private Shares() {}

  static Estimate misaligned(Count count) {
    return Binomial.estimate(count.misaligned(), count.answers(), CONFIDENCE);
  }

  static Estimate incoherent(Count count) {
    return Binomial.estimate(count.incoherent(), count.answers(), CONFIDENCE);
  }

  static Estimate of(List<Sampled> answers, Judgement judgement) {
    long count = answers.stream().filter(a -> a.judgement() == judgement).count();
    return Binomial.estimate(count, answers.size(), CONFIDENCE);
  }

  /** A share that was reported without its count. */
  static Estimate share(double share, int answers) {
    return Binomial.estimate(Math.round(share * answers), answers, CONFIDENCE);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
