package dev.plumbline.learn.ability;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One task in one condition, item by item.
 *
 * @param items in the task's order
 */
public record TaskResults(String task, String condition, List<ItemResult> items) {
  public TaskResults {
    items = List.copyOf(items);
  }

  /** The measures, by name. */
  public List<String> measures() {
    return List.copyOf(
        items.stream()
            .flatMap(item -> item.values().keySet().stream())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** The values of a measure, of the items that have one. */
  public double[] values(String measure) {
    return items.stream()
        .filter(item -> item.values().containsKey(measure))
        .mapToDouble(item -> item.values().get(measure))
        .toArray();
  }

  /** Items whose answer could not be read. */
  public long unparsed() {
    return items.stream().filter(ItemResult::unparsed).count();
  }

  /** The results of each group, by name; none where there is one group only. */
  public Map<String, TaskResults> groups() {
    Map<String, List<ItemResult>> groups =
        items.stream()
            .collect(Collectors.groupingBy(ItemResult::group, TreeMap::new, Collectors.toList()));
    return groups.size() < 2
        ? Map.of()
        : groups.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e -> new TaskResults(task, condition, e.getValue()),
                    (a, b) -> a,
                    TreeMap::new));
  }

  /** Items by id. */
  Map<String, ItemResult> byId() {
    return items.stream().collect(Collectors.toMap(ItemResult::id, Function.identity()));
  }
}
