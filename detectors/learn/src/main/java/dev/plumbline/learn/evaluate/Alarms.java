package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.evaluate.Alarm.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds a claim against its controls. Claims by the lower end of their interval, so that luck beats
 * nothing; {@code ≤} is not beaten. Pure.
 */
public final class Alarms {
  /** Shuffled labels may miss 0.5 by this much, or by four of their own standard errors if more. */
  private static final double NEAR = 0.05;

  private static final double STANDARD_ERRORS = 4;

  /** The share of random directions that may do as well. */
  private static final double SIGNIFICANT = 0.05;

  private final List<Alarm> alarms = new ArrayList<>();

  private Alarms() {}

  /** Every alarm of a claim, in the order of {@link Kind}; none is good news. */
  public static List<Alarm> of(Claim claim, ControlTable controls, Optional<RandomControl> random) {
    Alarms found = new Alarms();
    found.prompts(controls.counts());
    found.promptIdentity(claim, controls.promptIdentity());
    claim.within().ifPresent(found::chance);
    found.text(claim, controls);
    controls.shuffled().ifPresent(s -> found.shuffled(s, controls.counts()));
    claim.within().ifPresent(w -> random.ifPresent(r -> found.random(w, r)));
    return List.copyOf(found.alarms);
  }

  private void prompts(Counts counts) {
    if (counts.mixed() < 2) {
      add(
          Kind.TOO_FEW_PROMPTS,
          counts.mixed(),
          counts.prompts(),
          "%.0f of %.0f prompts have answers of both kinds by one model; 2 or more are needed");
    }
  }

  private void promptIdentity(Claim claim, Estimate ceiling) {
    double best = Math.max(claim.across().low(), claim.within().map(Estimate::low).orElse(0.0));
    if (best <= ceiling.value()) {
      add(
          Kind.PROMPT_IDENTITY_NOT_BEATEN,
          best,
          ceiling.value(),
          "the score reaches %.3f for certain, and knowing the prompt alone gives %.3f");
    }
  }

  private void chance(Estimate within) {
    if (within.low() <= 0.5) {
      add(
          Kind.WITHIN_PROMPT_AT_CHANCE,
          within.low(),
          0.5,
          "among answers to one prompt the score reaches %.3f for certain, and a coin %.1f");
    }
  }

  /** Like with like: across prompts against words across, within against words within. */
  private void text(Claim claim, ControlTable controls) {
    Optional<Estimate> across = controls.bestText();
    Optional<Estimate> within = controls.bestTextWithin();
    if (across.isPresent() && claim.across().low() <= across.get().value()) {
      add(
          Kind.TEXT_NOT_BEATEN,
          claim.across().low(),
          across.get().value(),
          "across prompts the score reaches %.3f for certain, and text alone gives %.3f");
    } else if (within.isPresent()
        && claim.within().isPresent()
        && claim.within().get().low() <= within.get().value()) {
      add(
          Kind.TEXT_NOT_BEATEN,
          claim.within().get().low(),
          within.get().value(),
          "within prompts the score reaches %.3f for certain, and text alone gives %.3f");
    }
  }

  /** Standard error of an AUROC without signal (Hanley and McNeil, 1982), over the draws. */
  private void shuffled(Estimate shuffled, Counts counts) {
    double positives = counts.misaligned();
    double negatives = counts.answers() - positives;
    double error =
        Math.sqrt((counts.answers() + 1.0) / (12 * positives * negatives) / shuffled.count());
    double room = Math.max(NEAR, STANDARD_ERRORS * error);
    if (Math.abs(shuffled.value() - 0.5) > room) {
      add(
          Kind.SHUFFLED_LABELS_NOT_HALF,
          shuffled.value(),
          room,
          "labels that mean nothing give %.3f, more than %.3f off one half: the procedure leaks");
    }
  }

  private void random(Estimate within, RandomControl random) {
    double share = random.share(within.value());
    if (share > SIGNIFICANT) {
      add(
          Kind.RANDOM_NOT_BEATEN,
          within.value(),
          share,
          "within prompts the score gives %.3f, and %.3f of random directions as much");
    }
  }

  private void add(Kind kind, double claimed, double control, String format) {
    alarms.add(Alarm.of(kind, claimed, control, format));
  }
}
