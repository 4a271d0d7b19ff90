package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.stats.Estimate;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** A quality under way. Not thread-safe. */
final class Figures {
  private final Map<Figure, Estimate> figures = new EnumMap<>(Figure.class);
  private final Map<String, Double> extra = new TreeMap<>();

  void put(Figure figure, Estimate estimate) {
    figures.put(figure, estimate);
  }

  void extra(String name, double value) {
    extra.put(name, value);
  }

  /** The estimate's value and, where it has one, its interval. */
  void extra(String name, Estimate estimate) {
    extra(name, estimate.value());
    estimate.interval().ifPresent(interval -> extra(name + ".low", interval.low()));
    estimate.interval().ifPresent(interval -> extra(name + ".high", interval.high()));
  }

  Quality quality() {
    return new Quality(figures, extra);
  }
}
