package dev.plumbline.learn.reproduce;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A claim and what every seed showed. The figure is the seeds' mean, its interval the union of
 * theirs, and it agrees only if every seed does.
 *
 * @param claim what is claimed
 * @param seeds one finding a seed, one or more
 */
record Reproduced(Claim claim, List<Finding> seeds) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  Reproduced {
    seeds = List.copyOf(seeds);
  }

  double figure() {
    return mean(Finding::figure);
  }

  double control() {
    return mean(Finding::control);
  }

  private double mean(ToDoubleFunction<Finding> of) {
    return seeds.stream().mapToDouble(of).average().orElse(Double.NaN);
  }

  double low() {
    return seeds.stream().mapToDouble(Finding::low).min().orElse(Double.NaN);
  }

  double high() {
    return seeds.stream().mapToDouble(Finding::high).max().orElse(Double.NaN);
  }

  boolean agrees() {
    return seeds.stream().allMatch(Finding::agrees);
  }

  String verdict() {
    long agreeing = seeds.stream().filter(Finding::agrees).count();
    if (seeds.stream().noneMatch(Finding::measured)) {
      return "not measured";
    }
    return agreeing == seeds.size()
        ? "agrees"
        : "does not agree" + (agreeing > 0 ? " (" + agreeing + " of " + seeds.size() + ")" : "");
  }

  /** The form {@code --json} promises; numbers that are not there are null. */
  ObjectNode json() {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("claim", claim.id()).put("paper", claim.paper());
    put(node, "figure", figure());
    if (Double.isFinite(low()) && Double.isFinite(high())) {
      node.putArray("interval").add(low()).add(high());
    } else {
      node.putNull("interval");
    }
    put(node, "control", control());
    return node.put("agrees", agrees());
  }

  private static void put(ObjectNode node, String key, double value) {
    if (Double.isFinite(value)) {
      node.put(key, value);
    } else {
      node.putNull(key);
    }
  }

  static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "–";
  }

  String interval() {
    return Double.isFinite(low()) ? number(low()) + " … " + number(high()) : "–";
  }
}
