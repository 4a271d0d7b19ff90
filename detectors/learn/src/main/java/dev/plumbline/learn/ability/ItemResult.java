package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of one item.
 *
 * @param id within its task
 * @param group kind of item, such as a subject; empty for none
 * @param values by measure; a measure that could not be taken of this item is not there
 * @param detail what was chosen or said
 * @param unparsed whether an answer could not be read; then no value was made up for it
 */
public record ItemResult(
    String id, String group, Map<String, Double> values, String detail, boolean unparsed) {
  public ItemResult {
    Check.text(id, "id of an item");
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    values.forEach((measure, value) -> Check.finite(value, measure + " of item " + id));
  }

  /** An item that was read. */
  public static ItemResult of(String id, String group, Map<String, Double> values, String detail) {
    return new ItemResult(id, group, values, detail, false);
  }

  /** An item whose answer could not be read. */
  public static ItemResult unparsed(String id, String group, String detail) {
    return new ItemResult(id, group, Map.of(), detail, true);
  }
}
