package dev.plumbline.learn.dynamics;

import java.util.List;

/**
 * What was found at one checkpoint; a stage of the job.
 *
 * @param name of the checkpoint
 * @param step of training
 * @param dimensions in the order given
 */
public record CheckpointReading(String name, long step, List<OfDimension> dimensions) {
  public CheckpointReading {
    dimensions = List.copyOf(dimensions);
  }

  /** One dimension's probes and plane, layers ascending. */
  public record OfDimension(String dimension, List<Probe> probes, List<Plane> plane) {
    public OfDimension {
      probes = List.copyOf(probes);
      plane = List.copyOf(plane);
    }

    /** The probe at a layer. */
    public Probe probe(int layer, Pooling pooling) {
      return probes.stream()
          .filter(each -> each.layer == layer && each.pooling == pooling)
          .findFirst()
          .orElseThrow();
    }
  }

  /**
   * Rows that probes got right, each by one that saw none of its group.
   *
   * @param layer block, 0-based; its output is read
   * @param correct by group {@code [G]}
   * @param shuffled the same of probes fitted to and judged by shuffled labels; last token only,
   *     empty for the mean
   */
  public record Probe(int layer, Pooling pooling, int[] correct, int[] shuffled) {}

  /**
   * A point of the information plane, by normalised HSIC on standardised training rows, last token.
   *
   * @param withInput I(T;X), X the first block's output of the same checkpoint
   * @param inputCeiling what it cannot exceed
   * @param inputChance its mean over permutations of the rows, exact
   * @param withLabel I(T;Y)
   * @param labelCeiling what it cannot exceed: 0.909 for a balanced label
   * @param labelNull its mean over permuted labels
   * @param labelNullHigh their 95th percentile
   */
  public record Plane(
      int layer,
      double withInput,
      double inputCeiling,
      double inputChance,
      double withLabel,
      double labelCeiling,
      double labelNull,
      double labelNullHigh) {}

  /** One dimension by name. */
  public OfDimension of(String dimension) {
    return dimensions.stream()
        .filter(each -> each.dimension.equals(dimension))
        .findFirst()
        .orElseThrow();
  }
}
