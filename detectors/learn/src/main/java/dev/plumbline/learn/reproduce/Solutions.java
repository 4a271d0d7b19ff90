package dev.plumbline.learn.reproduce;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.UnitBootstrap;
import dev.plumbline.learn.compare.Efficiency;
import dev.plumbline.learn.compare.OrganismSolutions;
import dev.plumbline.learn.compare.OrganismSolutions.Effort;
import dev.plumbline.learn.compare.OrganismSolutions.Found;
import dev.plumbline.learn.compare.Reversion;
import dev.plumbline.learn.compare.Significance;
import dev.plumbline.learn.compare.Stability;
import dev.plumbline.learn.job.Progress;
import java.util.List;
import java.util.Locale;

/** Why is the general solution found and not the narrow one? */
final class Solutions implements Experiment {
  private static final int DRAWS = 1000;
  private static final String GENERAL = OrganismSolutions.GENERAL;
  private static final String NARROW = OrganismSolutions.NARROW;

  @Override
  public String name() {
    return "solutions";
  }

  @Override
  public List<String> claims() {
    return List.of("kl-reverts", "general-efficient", "general-stable", "general-significant");
  }

  @Override
  public List<Finding> run(Subject subject, Progress progress) {
    Effort effort = subject.quick() ? Effort.quick() : Effort.full();
    Found found = new OrganismSolutions(subject.folder(), subject.recipe(), effort).run(progress);
    long seed = subject.seed();
    return List.of(
        reverts(found.reversion()),
        efficient(found.efficiency(), found, seed),
        stable(found.stability(), seed),
        significant(found, seed));
  }

  private static Finding reverts(Reversion reversion) {
    Reversion.Point before = reversion.before();
    Reversion.Point after = reversion.after();
    double kept = reversion.kept().elsewhere().value();
    boolean agrees = after.elsewhere().low() > Math.max(before.elsewhere().high(), kept);
    String note =
        String.format(
            Locale.ROOT,
            "%d steps on without the term; cosine with the general solution %.2f before, %.2f"
                + " after; with the term kept %s elsewhere; the general solution %s",
            after.step(),
            before.toGeneral(),
            after.toGeneral(),
            Shares.percent(kept),
            Shares.percent(reversion.general().elsewhere().value()));
    return Finding.of("kl-reverts", after.elsewhere(), before.elsewhere().value(), agrees, note);
  }

  private static Finding efficient(Efficiency efficiency, Found found, long seed) {
    UnitBootstrap over = new UnitBootstrap(efficiency.base().texts(), DRAWS, seed);
    Estimate advantage = efficiency.advantage(GENERAL, NARROW, over);
    double random = efficiency.advantage(OrganismSolutions.RANDOM, NARROW, over).value();
    String note =
        String.format(
            Locale.ROOT,
            "mean over norms up to the mean one of %.2f; norms %.2f and %.2f; cosine of the two"
                + " %.2f, of B %.2f; the control is a random direction in the general one's place",
            efficiency.meanNorm(),
            efficiency.curve(GENERAL).norm(),
            efficiency.curve(NARROW).norm(),
            found.changes().cosine(0, 1),
            found.writers().cosine(0, 1));
    return Finding.of("general-efficient", advantage, random, advantage.low() > 0, note);
  }

  private static Finding stable(Stability stability, long seed) {
    if (!stability.withoutGain().isEmpty()) {
      return Finding.unmeasured("general-stable", stability.withoutGain() + " gained nothing");
    }
    int turns = stability.curve(GENERAL).turned().get(0).size();
    UnitBootstrap over = new UnitBootstrap(turns, DRAWS, seed);
    Estimate points = stability.advantage(GENERAL, NARROW, over);
    Estimate share = over.estimate(draw -> stability.advantage(GENERAL, NARROW, draw) / 100);
    String note =
        String.format(
            Locale.ROOT,
            "mean over ε up to 0.5; at ε = 0.7 the general one has lost %.0f %%, the narrow one"
                + " %.0f %% of its gain",
            at(stability, GENERAL, over),
            at(stability, NARROW, over));
    return Finding.of("general-stable", share, Double.NaN, points.low() > 0, note);
  }

  private static double at(Stability stability, String name, UnitBootstrap over) {
    int epsilon = stability.epsilons().indexOf(0.7);
    return stability.degradation(stability.curve(name), epsilon, over).value();
  }

  private static Finding significant(Found found, long seed) {
    Significance documents = found.documents();
    double norm = found.efficiency().meanNorm();
    int at = documents.nearest(norm);
    UnitBootstrap over = documents.bootstrap(DRAWS, seed);
    Estimate ratio = documents.ratio(GENERAL, NARROW, at, over);
    double random = documents.ratio(OrganismSolutions.RANDOM, NARROW, at, over).value();
    Significance chats = found.chats();
    double chat =
        chats.ratio(GENERAL, NARROW, chats.nearest(norm), chats.bootstrap(DRAWS, seed)).value();
    String note =
        String.format(
            Locale.ROOT,
            "at norm %.2f on pretraining documents; on chat text %.1f",
            documents.norms().get(at),
            chat);
    return Finding.of("general-significant", ratio, random, ratio.low() > 1, note);
  }
}
