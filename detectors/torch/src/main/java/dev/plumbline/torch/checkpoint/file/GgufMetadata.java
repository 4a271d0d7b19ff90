package dev.plumbline.torch.checkpoint.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The key-value pairs of a GGUF file.
 *
 * <p>Values are {@code Long} (any integer; unsigned 64-bit ones as their bits), {@code Double},
 * {@code Boolean}, {@code String}, {@code long[]}, {@code double[]} or {@code List}. The typed
 * getters refuse a value of another kind by key.
 */
public final class GgufMetadata {
  private final Path file;
  private final Map<String, Object> values;

  GgufMetadata(Path file, Map<String, Object> values) {
    this.file = file;
    this.values = Collections.unmodifiableMap(values);
  }

  /** The file they were read from. */
  public Path file() {
    return file;
  }

  /** All keys, in the order of the file. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** Text, if the key is there. */
  public Optional<String> text(String key) {
    return get(key, String.class, "text");
  }

  /** Text that must be there. */
  public String requireText(String key) {
    return text(key).orElseThrow(() -> missing(key, "text"));
  }

  /** A number, if the key is there; integers are widened. */
  public Optional<Double> number(String key) {
    Object value = values.get(key);
    return value instanceof Long whole
        ? Optional.of(whole.doubleValue())
        : get(key, Double.class, "a number");
  }

  /** True or false, if the key is there. */
  public Optional<Boolean> flag(String key) {
    return get(key, Boolean.class, "true or false");
  }

  /** A whole number of 32 bits, if the key is there. */
  public OptionalInt integer(String key) {
    Optional<Long> value = get(key, Long.class, "a whole number");
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.get() != value.get().intValue()) {
      throw bad(key, "a whole number below 2^31", value.get().toString());
    }
    return OptionalInt.of(value.get().intValue());
  }

  /** A whole number that must be there. */
  public int requireInteger(String key) {
    return integer(key).orElseThrow(() -> missing(key, "a whole number"));
  }

  /**
   * A whole number, or an array of equal ones: what files write when layers could differ but do
   * not.
   */
  public OptionalInt sameInteger(String key) {
    if (!(values.get(key) instanceof long[] each)) {
      return integer(key);
    }
    for (long one : each) {
      if (one != each[0] || one != (int) one) {
        throw bad(key, "the same number for every layer", one + " beside " + each[0]);
      }
    }
    return each.length == 0 ? OptionalInt.empty() : OptionalInt.of((int) each[0]);
  }

  /** An array of whole numbers, a copy, if the key is there. */
  public Optional<long[]> integers(String key) {
    return get(key, long[].class, "an array of whole numbers").map(long[]::clone);
  }

  /** An array of numbers, a copy, if the key is there. */
  public Optional<double[]> numbers(String key) {
    return get(key, double[].class, "an array of numbers").map(double[]::clone);
  }

  /** An array of text, if the key is there. */
  public Optional<List<String>> texts(String key) {
    Optional<List<?>> list = get(key, List.class, "an array of text").map(l -> (List<?>) l);
    return list.map(items -> texts(key, items));
  }

  private List<String> texts(String key, List<?> items) {
    List<String> texts = new ArrayList<>(items.size());
    for (Object item : items) {
      if (!(item instanceof String text)) {
        throw bad(key, "an array of text", item.getClass().getSimpleName());
      }
      texts.add(text);
    }
    return texts;
  }

  /** A value of any kind as text for people; of an array only its kind. */
  public String shown(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw missing(key, "a value");
    }
    boolean array = value.getClass().isArray() || value instanceof List;
    return array ? "an array" : value.toString();
  }

  /** The complaint that a key's value does not fit. */
  public BadFileException bad(String key, String wanted, String found) {
    return new BadFileException(
        file,
        "metadata " + key,
        wanted,
        found,
        "Convert the model again with a current converter.");
  }

  /** The complaint that a key is not there. */
  public BadFileException missing(String key, String wanted) {
    return bad(key, wanted, "no such key");
  }

  private <T> Optional<T> get(String key, Class<T> kind, String wanted) {
    Object value = values.get(key);
    if (value != null && !kind.isInstance(value)) {
      throw bad(key, wanted, value.getClass().getSimpleName());
    }
    return Optional.ofNullable(kind.cast(value));
  }
}
