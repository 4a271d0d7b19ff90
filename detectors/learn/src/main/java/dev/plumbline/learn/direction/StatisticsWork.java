package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Moments;
import dev.plumbline.learn.statistics.Cell;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.Weighting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one shard's statistics are read from: a value that knows of no file and no contrast, so that
 * any machine with the model can read it. Answers are taken some prompts at a time: what is kept is
 * the moments and those prompts' means.
 *
 * @param sides what is read, names distinct
 * @param pairings whose differences are summed up too; none unless the settings are paired
 * @param points canonical tap points
 * @param settings of the estimation
 * @param shards how many such there are
 */
public record StatisticsWork(
    List<Side> sides,
    List<Pairing> pairings,
    List<TapPoint> points,
    LearnSettings settings,
    int shards) {
  /** Answers of a side that are taken at a time, about. */
  private static final int CHUNK = 512;

  /**
   * Some answers of a side of a contrast.
   *
   * @param name of the class in the statistics
   * @param adapter worn while reading, empty for the base
   * @param answers may be none
   */
  public record Side(String name, Optional<String> adapter, List<Answer> answers) {
    public Side {
      Check.text(name, "name of a side");
      answers = List.copyOf(answers);
    }
  }

  /**
   * Two sides that are subtracted prompt by prompt.
   *
   * @param name of the class in the statistics
   * @param positive name of a side
   * @param negative name of a side
   * @param sameAnswers whether both are the same answers, so that each pairs with itself
   */
  public record Pairing(String name, String positive, String negative, boolean sameAnswers) {}

  public StatisticsWork {
    sides = List.copyOf(sides);
    pairings = List.copyOf(pairings);
    points = List.copyOf(points);
    Check.that(shards > 0, "shards", "1 or more", shards, "give their number");
  }

  /**
   * Reads it.
   *
   * @param collector reads with the base's weights or wearing an adapter; on its thread
   * @param id of the shard
   */
  public ShardStatistics read(ActivationCollector collector, String id) {
    Map<Cell, Moments> cells = empty(collector.hidden());
    int chunks = sides.stream().mapToInt(side -> side.answers().size()).max().orElse(0) / CHUNK + 1;
    for (int chunk = 0; chunk < chunks; chunk++) {
      Map<String, SideMeans> read = new HashMap<>();
      for (Side side : sides) {
        List<Answer> own = PromptHash.again(side.answers(), Answer::prompt, shards, chunk, chunks);
        if (!own.isEmpty()) {
          read.put(side.name(), side(collector, side, own, cells));
        }
      }
      pairings.forEach(pairing -> pair(pairing, read, cells));
    }
    return ShardStatistics.of(List.of(id), cells);
  }

  private Map<Cell, Moments> empty(int hidden) {
    requireRoom(hidden);
    Map<Cell, Moments> cells = new TreeMap<>();
    for (TapPoint point : points) {
      for (Side side : sides) {
        for (Weighting each : Weighting.values()) {
          boolean full = full(each) && !settings.paired();
          cells.put(new Cell(side.name(), point, each), Moments.of(hidden, full));
        }
      }
      for (Pairing pairing : pairings) {
        cells.put(cell(pairing, point), Moments.of(hidden, full(settings.weighting())));
      }
    }
    return cells;
  }

  /** Half a square of doubles and a block of rows for each that has covariances. */
  private void requireRoom(int hidden) {
    long sets = (long) points.size() * (settings.paired() ? pairings.size() : sides.size());
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

  private Cell cell(Pairing pairing, TapPoint point) {
    return new Cell(pairing.name(), point, settings.weighting());
  }

  private SideMeans side(
      ActivationCollector collector, Side side, List<Answer> answers, Map<Cell, Moments> cells) {
    SideMeans means = new SideMeans(answers, settings.weighting());
    collector
        .wearing(side.adapter())
        .visit(
            answers,
            points,
            (point, row, states) -> {
              double[] mean = states.mean();
              cells
                  .get(new Cell(side.name(), point, Weighting.TOKENS))
                  .add(states.values(), states.from(), states.count());
              cells.get(new Cell(side.name(), point, Weighting.ANSWERS)).add(mean);
              if (settings.paired()) {
                means.set(point, row, mean);
              }
            });
    return means;
  }

  private void pair(Pairing pairing, Map<String, SideMeans> read, Map<Cell, Moments> cells) {
    SideMeans positive = read.get(pairing.positive());
    SideMeans negative = read.get(pairing.negative());
    if (positive == null || negative == null) {
      return;
    }
    for (TapPoint point : points) {
      positive.differences(
          negative, point, pairing.sameAnswers(), cells.get(cell(pairing, point))::add);
    }
  }
}
