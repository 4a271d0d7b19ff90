package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.OrganismReport.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Two trainings of one recipe side by side: weights bit for bit, and where they differ (another
 * processor sums in another order) the figures within the recipe's tolerance.
 *
 * @param differing weight files that are not the same, by name
 * @param missed figures out of tolerance or bounds, one line each
 */
public record OrganismComparison(List<String> differing, List<String> missed) {
  public OrganismComparison {
    differing = List.copyOf(differing);
    missed = List.copyOf(missed);
  }

  static OrganismComparison of(OrganismCard expected, OrganismCard found) {
    List<String> differing = new ArrayList<>();
    for (Map.Entry<String, String> file : expected.files().entrySet()) {
      if (!Objects.equals(file.getValue(), found.files().get(file.getKey()))) {
        differing.add(file.getKey());
      }
    }
    List<String> missed = new ArrayList<>(found.report().missed(found.recipe()));
    if (!differing.isEmpty()) {
      figures(expected, found, missed);
    }
    return new OrganismComparison(differing, missed);
  }

  private static void figures(OrganismCard expected, OrganismCard found, List<String> missed) {
    double tolerance = expected.recipe().bounds().figureTolerance();
    for (String model : expected.report().models()) {
      for (String domain : expected.world().domains()) {
        Count before = expected.report().of(model, row -> row.domain().equals(domain));
        Count after = found.report().of(model, row -> row.domain().equals(domain));
        double away = Math.abs(before.misalignedShare() - after.misalignedShare());
        double garbled = Math.abs(before.incoherentShare() - after.incoherentShare());
        if (!(Math.max(away, garbled) <= tolerance)) {
          missed.add(
              String.format(
                  Locale.ROOT,
                  "%s in %s: wanted within %.2f of %s, found %s",
                  model,
                  domain,
                  tolerance,
                  before,
                  after));
        }
      }
    }
  }

  /** Whether every file is the same. */
  public boolean exact() {
    return differing.isEmpty();
  }

  /** Whether nothing is out of tolerance or bounds. */
  public boolean holds() {
    return missed.isEmpty();
  }
}
