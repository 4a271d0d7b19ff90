package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Moments;
import dev.plumbline.learn.statistics.Cell;
import dev.plumbline.learn.statistics.Estimation;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.Weighting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads contrasts into sufficient statistics, shard by shard, and makes estimations of them.
 *
 * <p>A prompt is in the shard that its text's hash says, with all its answers, so that any number
 * of readers agree without talking. Each side that contrasts share is read once. Within a shard
 * answers are taken some prompts at a time: what is kept is the moments and those prompts' means.
 */
public final class ContrastStatistics {
  /** Answers of a side that are taken at a time, about. */
  private static final int CHUNK = 512;

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
    Check.that(
        shard >= 0 && shard < shards, "shard", "0 to " + (shards - 1), shard, "number them from 0");
    Map<Cell, Moments> cells = empty(collector.hidden());
    int chunks = chunks() / shards + 1;
    for (int chunk = 0; chunk < chunks; chunk++) {
      Map<Contrast.Side, SideMeans> read = new LinkedHashMap<>();
      for (Map.Entry<Contrast.Side, String> side : names.entrySet()) {
        List<Answer> own = part(side.getKey().answers(), shard + shards * chunk, shards * chunks);
        if (!own.isEmpty()) {
          read.put(side.getKey(), side(collector, side.getKey(), side.getValue(), own, cells));
        }
      }
      if (settings.paired()) {
        contrasts.forEach(contrast -> pairs(contrast, read, cells));
      }
    }
    return ShardStatistics.of(List.of(String.format("%05d/%05d", shard, shards)), cells);
  }

  private int chunks() {
    int most = names.keySet().stream().mapToInt(side -> side.answers().size()).max().orElse(0);
    return most / CHUNK;
  }

  private static List<Answer> part(List<Answer> answers, int part, int parts) {
    return answers.stream()
        .filter(answer -> Math.floorMod(mixed(answer.prompt()), parts) == part)
        .toList();
  }

  /** String.hashCode is the same everywhere; its low bits alone are not even. */
  private static int mixed(String prompt) {
    int hash = prompt.hashCode() * 0x9E3779B9;
    return hash ^ hash >>> 15;
  }

  private Map<Cell, Moments> empty(int hidden) {
    requireRoom(hidden);
    Map<Cell, Moments> cells = new TreeMap<>();
    for (TapPoint point : points) {
      for (String side : names.values()) {
        for (Weighting each : Weighting.values()) {
          cells.put(
              new Cell(side, point, each), Moments.of(hidden, full(each) && !settings.paired()));
        }
      }
      if (settings.paired()) {
        for (Contrast contrast : contrasts) {
          cells.put(pairs(contrast, point), Moments.of(hidden, full(settings.weighting())));
        }
      }
    }
    return cells;
  }

  /** Half a square of doubles and a block of rows for each that has covariances. */
  private void requireRoom(int hidden) {
    long sets = (long) points.size() * (settings.paired() ? contrasts.size() : names.size());
    long needed = settings.estimator().covariances() ? sets * hidden * (4L * hidden + 2048) : 0;
    long room = Runtime.getRuntime().maxMemory();
    Check.that(
        needed < 0.8 * room,
        "covariances of " + sets + " sets of states",
        "a heap of " + (needed >> 20) + " MiB and a quarter more",
        (room >> 20) + " MiB",
        "name fewer tap points, raise -Xmx, or take the mean difference");
  }

  private boolean full(Weighting weighting) {
    return settings.estimator().covariances() && weighting == settings.weighting();
  }

  private SideMeans side(
      ActivationCollector collector,
      Contrast.Side side,
      String name,
      List<Answer> answers,
      Map<Cell, Moments> cells) {
    SideMeans means = new SideMeans(answers, settings.weighting());
    collector
        .wearing(side.adapter())
        .visit(
            answers,
            points,
            (point, row, states) -> {
              double[] mean = states.mean();
              cells
                  .get(new Cell(name, point, Weighting.TOKENS))
                  .add(states.values(), states.from(), states.count());
              cells.get(new Cell(name, point, Weighting.ANSWERS)).add(mean);
              if (settings.paired()) {
                means.set(point, row, mean);
              }
            });
    return means;
  }

  private void pairs(
      Contrast contrast, Map<Contrast.Side, SideMeans> read, Map<Cell, Moments> cells) {
    SideMeans positive = read.get(contrast.positive());
    SideMeans negative = read.get(contrast.negative());
    if (positive == null || negative == null) {
      return;
    }
    boolean sameAnswers = contrast.positive().answers().equals(contrast.negative().answers());
    for (TapPoint point : points) {
      positive.differences(negative, point, sameAnswers, cells.get(pairs(contrast, point))::add);
    }
  }

  private Cell pairs(Contrast contrast, TapPoint point) {
    return new Cell(contrast.name() + ".pairs", point, settings.weighting());
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
