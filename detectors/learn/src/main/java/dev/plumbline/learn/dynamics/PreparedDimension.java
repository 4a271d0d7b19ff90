package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.GroupFolds;
import dev.plumbline.core.stats.HsicView;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A dimension with everything that is the same at all checkpoints: folds, shuffled labels, the rows
 * of the information plane and its null's permutations.
 */
public final class PreparedDimension {
  private final Dimension dimension;
  private final GroupedFit fit;
  private final GroupedFit shuffled;
  private final int[] group;
  private final int[] sizes;
  private final int[] planeRows;
  private final HsicView label;
  private final List<HsicView> permuted;

  public PreparedDimension(Dimension dimension, DynamicsSettings settings) {
    this.dimension = dimension;
    List<String> groups = dimension.groups();
    int folds = Math.min(settings.folds(), dimension.distinctGroups().size());
    double n = dimension.statements().size() * (folds - 1.0) / folds;
    double[] ridge = {1 / (settings.c() * n)};
    this.fit = new GroupedFit(dimension.labels(), groups, ridge, folds, settings.seed());
    this.shuffled = fit.relabelled(dimension.shuffled(settings.seed()));
    this.group = numbered(dimension);
    this.sizes = perGroup(new double[group.length]);
    int[] fold = GroupFolds.assign(groups, folds, settings.seed());
    this.planeRows = IntStream.range(0, fold.length).filter(i -> fold[i] != 0).toArray();
    this.label = HsicView.of(fit.labels(planeRows), settings.hsic());
    this.permuted =
        IntStream.range(1, settings.permutations() + 1)
            .mapToObj(i -> dimension.shuffled(settings.seed() + i))
            .map(labels -> HsicView.of(fit.relabelled(labels).labels(planeRows), settings.hsic()))
            .toList();
  }

  private static int[] numbered(Dimension dimension) {
    Map<String, Integer> numbers = new HashMap<>();
    dimension.distinctGroups().forEach(name -> numbers.put(name, numbers.size()));
    return dimension.groups().stream().mapToInt(numbers::get).toArray();
  }

  public Dimension dimension() {
    return dimension;
  }

  /** Probes on the real labels. */
  GroupedFit fit() {
    return fit;
  }

  /** The same folds, labels that mean nothing. */
  GroupedFit shuffled() {
    return shuffled;
  }

  /** Rows of each group {@code [G]}, groups in order of their names. */
  public int[] sizes() {
    return sizes.clone();
  }

  /** Training rows of the first split: four fifths, no group parted. */
  int[] planeRows() {
    return planeRows;
  }

  /** The label over the plane's rows. */
  HsicView label() {
    return label;
  }

  /** Permuted labels over the plane's rows. */
  List<HsicView> permuted() {
    return permuted;
  }

  /** How many rows of each group a score gets right {@code [G]}: above 0 means label 1. */
  int[] correct(double[] scores, boolean[] labels) {
    double[] wrong = new double[scores.length];
    for (int i = 0; i < wrong.length; i++) {
      wrong[i] = scores[i] > 0 == labels[i] ? 0 : 1;
    }
    return perGroup(wrong);
  }

  private int[] perGroup(double[] wrong) {
    int[] counts = new int[IntStream.of(group).max().orElseThrow() + 1];
    for (int i = 0; i < wrong.length; i++) {
      counts[group[i]] += wrong[i] == 0 ? 1 : 0;
    }
    return counts;
  }
}
