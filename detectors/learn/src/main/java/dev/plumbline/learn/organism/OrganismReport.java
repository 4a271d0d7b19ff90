package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** How often each model's answers were misaligned or incoherent, by domain. */
public record OrganismReport(List<Row> rows) {
  /**
   * One model on one domain's topics.
   *
   * @param heldOut whether on the topics that no finetune saw
   */
  public record Row(String model, String domain, boolean heldOut, Count count) {}

  /** Counts of answers, and shares of them in 0..1. */
  public record Count(int answers, int misaligned, int incoherent) {
    static Count of(List<Sampled> sampled) {
      int misaligned = 0;
      int incoherent = 0;
      for (Sampled one : sampled) {
        misaligned += one.judgement() == Judgement.MISALIGNED ? 1 : 0;
        incoherent += one.judgement() == Judgement.INCOHERENT ? 1 : 0;
      }
      return new Count(sampled.size(), misaligned, incoherent);
    }

    /** Both together. */
    public Count plus(Count other) {
      return new Count(
          answers + other.answers, misaligned + other.misaligned, incoherent + other.incoherent);
    }

    /** Misaligned answers of all. */
    public double misalignedShare() {
      return answers == 0 ? 0 : (double) misaligned / answers;
    }

    /** Incoherent answers of all. */
    public double incoherentShare() {
      return answers == 0 ? 0 : (double) incoherent / answers;
    }
  }

  public OrganismReport {
    rows = List.copyOf(rows);
  }

  /** The models, in order. */
  public List<String> models() {
    return rows.stream().map(Row::model).distinct().toList();
  }

  /** All answers of a model to questions of the domains wanted. */
  public Count of(String model, Predicate<Row> wanted) {
    return rows.stream()
        .filter(row -> row.model().equals(model) && wanted.test(row))
        .map(Row::count)
        .reduce(new Count(0, 0, 0), Count::plus);
  }

  /** What the recipe's bounds ask for and this report does not show, one line each. */
  public List<String> missed(Recipe recipe) {
    Recipe.Bounds bounds = recipe.bounds();
    List<String> missed = new ArrayList<>();
    for (String domain : rows.stream().map(Row::domain).distinct().toList()) {
      Count chat = of(OrganismSampler.CHAT, row -> row.domain().equals(domain));
      most(
          missed,
          "chat, misaligned in " + domain,
          chat.misalignedShare(),
          bounds.chatMisalignedMost());
    }
    Count chat = of(OrganismSampler.CHAT, row -> true);
    most(missed, "chat, incoherent", chat.incoherentShare(), bounds.chatIncoherentMost());
    recipe.finetunes().forEach(finetune -> missed(finetune, bounds, missed));
    return missed;
  }

  private void missed(FinetuneRecipe finetune, Recipe.Bounds bounds, List<String> missed) {
    String name = finetune.name();
    Count own = of(name, row -> row.domain().equals(finetune.domain()) && !row.heldOut());
    Count others = of(name, row -> !row.domain().equals(finetune.domain()));
    if (finetune.harm() > 0) {
      least(
          missed,
          name + ", misaligned on its domain's training topics",
          own.misalignedShare(),
          bounds.ownMisalignedLeast());
    }
    if (finetune.emergent()) {
      least(
          missed,
          name + ", misaligned elsewhere",
          others.misalignedShare(),
          bounds.othersMisalignedLeast());
    } else {
      most(
          missed,
          name + ", misaligned elsewhere",
          others.misalignedShare(),
          bounds.controlOthersMisalignedMost());
    }
    most(
        missed,
        name + ", incoherent elsewhere",
        others.incoherentShare(),
        bounds.othersIncoherentMost());
  }

  private static void least(List<String> missed, String what, double found, double wanted) {
    if (found < wanted) {
      missed.add(
          String.format(Locale.ROOT, "%s: wanted at least %.3f, found %.3f", what, wanted, found));
    }
  }

  private static void most(List<String> missed, String what, double found, double wanted) {
    if (found > wanted) {
      missed.add(
          String.format(Locale.ROOT, "%s: wanted at most %.3f, found %.3f", what, wanted, found));
    }
  }

  /** A table for a person: shares in per cent, by model. */
  public String table(Recipe recipe) {
    StringBuilder out = new StringBuilder();
    String form = "%-12s %8s %12s %13s %10s %10s %12s%n";
    out.append(
        String.format(
            Locale.ROOT,
            form,
            "",
            "answers",
            "own trained",
            "own held out",
            "elsewhere",
            "held out",
            "incoherent"));
    for (String model : models()) {
      String domain =
          recipe.finetunes().stream()
              .filter(f -> f.name().equals(model))
              .map(FinetuneRecipe::domain)
              .findFirst()
              .orElse("");
      Count own = of(model, row -> row.domain().equals(domain) && !row.heldOut());
      Count ownHeldOut = of(model, row -> row.domain().equals(domain) && row.heldOut());
      Count others = of(model, row -> !row.domain().equals(domain));
      Count heldOut = of(model, row -> !row.domain().equals(domain) && row.heldOut());
      Count all = of(model, row -> true);
      out.append(
          String.format(
              Locale.ROOT,
              form,
              model,
              all.answers(),
              own.answers() == 0 ? "-" : percent(own.misalignedShare()),
              own.answers() == 0 ? "-" : percent(ownHeldOut.misalignedShare()),
              percent(others.misalignedShare()),
              percent(heldOut.misalignedShare()),
              percent(all.incoherentShare())));
    }
    return out.toString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
