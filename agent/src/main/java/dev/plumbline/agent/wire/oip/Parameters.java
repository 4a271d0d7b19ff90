package dev.plumbline.agent.wire.oip;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Named values of a request, an answer or a tensor.
 *
 * @param values each a {@link Boolean}, {@link Long}, {@link Double} or {@link String}
 */
public record Parameters(Map<String, Object> values) {
  public static final Parameters NONE = new Parameters(Map.of());

  /** The binary extension. */
  public static final String BINARY_DATA = "binary_data";

  public static final String BINARY_DATA_SIZE = "binary_data_size";
  public static final String BINARY_DATA_OUTPUT = "binary_data_output";

  public Parameters {
    values = Map.copyOf(values);
    for (Map.Entry<String, Object> each : values.entrySet()) {
      Object value = each.getValue();
      if (!(value instanceof Boolean
          || value instanceof Long
          || value instanceof Double
          || value instanceof String)) {
        throw wrong(each.getKey(), "true, false, a number or a text", value);
      }
    }
  }

  /** Whether there is one of this name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  public Optional<String> text(String name) {
    return find(name, String.class, "a text");
  }

  public Optional<Boolean> flag(String name) {
    return find(name, Boolean.class, "true or false");
  }

  /** A whole number; one within a text is none. */
  public OptionalLong whole(String name) {
    return find(name, Long.class, "a whole number").stream().mapToLong(Long::longValue).findFirst();
  }

  /** The same with one more, replacing one of its name. */
  public Parameters with(String name, Object value) {
    Map<String, Object> more = new TreeMap<>(values);
    more.put(name, value);
    return new Parameters(more);
  }

  /** The same without those of this beginning. */
  public Parameters without(String beginning) {
    return new Parameters(
        values.entrySet().stream()
            .filter(each -> !each.getKey().startsWith(beginning))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private <T> Optional<T> find(String name, Class<T> type, String wanted) {
    Object value = values.get(name);
    if (value != null && !type.isInstance(value)) {
      throw wrong(name, wanted, value);
    }
    return Optional.ofNullable(type.cast(value));
  }

  private static OipException wrong(String name, String wanted, Object value) {
    String found = value == null ? "nothing" : "a " + value.getClass().getSimpleName();
    return OipException.invalid("parameter " + name, wanted, found, "correct it");
  }
}
