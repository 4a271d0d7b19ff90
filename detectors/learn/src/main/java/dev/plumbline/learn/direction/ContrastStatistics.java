package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Moments;
import dev.plumbline.learn.statistics.Cell;
import dev.plumbline.learn.statistics.Estimation;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.Weighting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads contrasts into sufficient statistics, shard by shard, and makes estimations of them.
 *
 * <p>A prompt is in the shard that its text's hash says, with all its answers, so that any number
 * of readers agree without talking. Each side that contrasts share is read once.
 */
public final class ContrastStatistics {
  private static final String PAIRS = ".pairs";

  private final List<Contrast> contrasts;
  private final List<TapPoint> points;
  private final LearnSettings settings;
  private final Map<Contrast.Side, String> names = new LinkedHashMap<>();

  /**
   * @param contrasts names distinct
   * @param points canonical tap points
   */
  public ContrastStatistics(
      List<Contrast> contrasts, List<TapPoint> points, LearnSettings settings) {
    this.contrasts = List.copyOf(contrasts);
    this.points = List.copyOf(points);
    this.settings = settings;
    List<String> distinct = contrasts.stream().map(Contrast::name).distinct().toList();
    Check.that(
        distinct.size() == contrasts.size(), "contrasts", "distinct names", distinct, "rename one");
    for (Contrast contrast : contrasts) {
      names.putIfAbsent(contrast.positive(), contrast.name() + ".positive");
      names.putIfAbsent(contrast.negative(), contrast.name() + ".negative");
    }
  }

  /** All of the data as one shard. */
  public ShardStatistics read(ActivationCollector collector) {
    return read(collector, 0, 1);
  }

  /**
   * One shard of several: the prompts whose hash is {@code shard} modulo {@code shards}.
   *
   * @param collector reads with the base's weights or wearing an adapter; on its thread
   */
  public ShardStatistics read(ActivationCollector collector, int shard, int shards) {
    return work(shard, shards)
        .read(collector, String.format(Locale.ROOT, "%05d/%05d", shard, shards));
  }

  /** What is to be read for that shard, here or elsewhere. */
  public StatisticsWork work(int shard, int shards) {
    List<StatisticsWork.Side> sides = new ArrayList<>();
    names.forEach(
        (side, name) ->
            sides.add(
                new StatisticsWork.Side(
                    name,
                    side.adapter(),
                    PromptHash.part(side.answers(), Answer::prompt, shard, shards))));
    List<StatisticsWork.Pairing> pairings = new ArrayList<>();
    if (settings.paired()) {
      contrasts.forEach(contrast -> pairings.add(pairing(contrast)));
    }
    return new StatisticsWork(sides, pairings, points, settings, shards);
  }

  private StatisticsWork.Pairing pairing(Contrast contrast) {
    return new StatisticsWork.Pairing(
        contrast.name() + PAIRS,
        names.get(contrast.positive()),
        names.get(contrast.negative()),
        contrast.positive().answers().equals(contrast.negative().answers()));
  }

  /** Answers of the largest side. */
  public int answers() {
    return names.keySet().stream().mapToInt(side -> side.answers().size()).max().orElse(0);
  }

  private Cell pairs(Contrast contrast, TapPoint point) {
    return new Cell(contrast.name() + PAIRS, point, settings.weighting());
  }

  /** What a contrast's vectors are estimated from at a tap point. */
  public Estimation estimation(ShardStatistics statistics, Contrast contrast, TapPoint point) {
    Optional<Moments> pairs = Optional.empty();
    if (settings.paired()) {
      Moments own = statistics.at(pairs(contrast, point));
      Check.that(
          own.count() > 1,
          "pairs of contrast " + contrast.name(),
          "2 or more prompts with both classes",
          own.count(),
          "sample more answers per prompt, or do not pair");
      pairs = Optional.of(own);
    }
    return new Estimation(
        statistics.at(cell(contrast.positive(), point)),
        statistics.at(cell(contrast.negative(), point)),
        pairs,
        settings.ridge());
  }

  private Cell cell(Contrast.Side side, TapPoint point) {
    return new Cell(names.get(side), point, settings.weighting());
  }

  /** How scattered single tokens of the better side are at a tap point. */
  double spread(ShardStatistics statistics, Contrast contrast, TapPoint point) {
    Cell tokens = new Cell(names.get(contrast.negative()), point, Weighting.TOKENS);
    return statistics.at(tokens).spread();
  }

  Estimator estimator() {
    return settings.estimator();
  }
}
