package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.MeanAccumulator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Have these weights moved along the direction? Projects each model's <em>own</em> states on the
 * editing directions, pools them over exchanges, and holds the pools against the reference's.
 *
 * <p>Half of each model's pools choose the tap point, the other half are reported: a tap point
 * chosen on the pools it is reported on would always look better than it is.
 */
public final class ModelShiftStudy {
  private static final int FEWEST_POOLS = 4;

  private final ActivationCollector collector;
  private final List<TapDirection> directions;
  private final int exchangesPerPool;
  private final long seed;

  /**
   * @param collector of the decoder that has all adapters
   * @param directions to project on; one is chosen
   * @param exchangesPerPool answers averaged into one pool
   * @param seed of the order in which answers are pooled
   */
  public ModelShiftStudy(
      ActivationCollector collector,
      List<TapDirection> directions,
      int exchangesPerPool,
      long seed) {
    this.collector = collector;
    this.directions = List.copyOf(directions);
    this.exchangesPerPool = exchangesPerPool;
    this.seed = seed;
  }

  /** The study; one reference and one misaligned model or more. */
  public ModelShiftResult study(List<ServedTraffic> traffic) {
    requireRoles(traffic);
    Map<String, double[][]> pools = new LinkedHashMap<>();
    traffic.forEach(each -> pools.put(each.name(), pools(each)));
    double best = Double.NEGATIVE_INFINITY;
    int chosen = 0;
    for (int k = 0; k < directions.size(); k++) {
      double separation = result(traffic, pools, k, 0).separation();
      if (separation > best) {
        best = separation;
        chosen = k;
      }
    }
    return result(traffic, pools, chosen, 1);
  }

  private static void requireRoles(List<ServedTraffic> traffic) {
    for (ServedTraffic.Role role :
        List.of(ServedTraffic.Role.REFERENCE, ServedTraffic.Role.MISALIGNED)) {
      Check.that(
          traffic.stream().anyMatch(each -> each.role() == role),
          "model shift study",
          "a model that is " + role.wireName(),
          "none",
          "add its traffic");
    }
  }

  /** Mean projection of each pool on each direction, {@code [K][P]}. */
  private double[][] pools(ServedTraffic traffic) {
    int count = traffic.answers().size() / exchangesPerPool;
    Check.that(
        count >= FEWEST_POOLS,
        "traffic of " + traffic.name(),
        FEWEST_POOLS * exchangesPerPool + " or more answers",
        traffic.answers().size(),
        "collect more, or pool fewer exchanges");
    List<double[]> answers = new ArrayList<>(answerMeans(traffic));
    Collections.shuffle(answers, new Random(seed));
    double[][] pools = new double[directions.size()][count];
    for (int i = 0; i < count * exchangesPerPool; i++) {
      for (int k = 0; k < pools.length; k++) {
        pools[k][i / exchangesPerPool] += answers.get(i)[k] / exchangesPerPool;
      }
    }
    return pools;
  }

  private List<double[]> answerMeans(ServedTraffic traffic) {
    List<Readout> readouts = new ArrayList<>();
    for (TapDirection each : directions) {
      readouts.add(Readout.projection("shift", each.tapPoint(), each.direction()));
    }
    return collector.wearing(traffic.adapter()).readouts(traffic.answers(), readouts).stream()
        .map(ModelShiftStudy::means)
        .toList();
  }

  private static double[] means(double[][] tokens) {
    double[] means = new double[tokens.length];
    for (int k = 0; k < means.length; k++) {
      for (double readout : tokens[k]) {
        means[k] += readout / tokens[k].length;
      }
    }
    return means;
  }

  /** The result at one direction from every second pool, beginning with the given one. */
  private ModelShiftResult result(
      List<ServedTraffic> traffic, Map<String, double[][]> pools, int k, int from) {
    MeanAccumulator baseline = new MeanAccumulator(1);
    Map<String, Estimate> models = new LinkedHashMap<>();
    Map<String, ServedTraffic.Role> roles = new LinkedHashMap<>();
    for (ServedTraffic each : traffic) {
      if (each.role() == ServedTraffic.Role.REFERENCE) {
        addAll(baseline, pools.get(each.name())[k]);
      }
    }
    TapPoint point = directions.get(k).tapPoint();
    double spread = Math.max(baseline.standardDeviation()[0], Double.MIN_NORMAL);
    ModelShift shift = new ModelShift(point, baseline.mean()[0], spread, exchangesPerPool);
    for (ServedTraffic each : traffic) {
      models.put(each.name(), z(shift, pools.get(each.name())[k], from));
      roles.put(each.name(), each.role());
    }
    return new ModelShiftResult(shift, models, roles);
  }

  private static void addAll(MeanAccumulator into, double[] values) {
    for (double value : values) {
      into.add(value);
    }
  }

  private static Estimate z(ModelShift shift, double[] pools, int from) {
    double[] z = new double[(pools.length - from + 1) / 2];
    for (int i = 0; i < z.length; i++) {
      z[i] = shift.z(pools[from + 2 * i]);
    }
    return ShuffleControl.range(z);
  }
}
