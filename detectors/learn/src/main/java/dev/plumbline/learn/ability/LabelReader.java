package dev.plumbline.learn.ability;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of some labels a generated text says: the one whose word stands in it as a word of its own.
 * None, or two of them, is no answer: nothing is guessed, and {@code 10} is neither 1 nor 0.
 */
public final class LabelReader {
  private final List<String> labels;

  /**
   * @param labels one word each, told apart without case
   */
  public LabelReader(List<String> labels) {
    this.labels = labels.stream().map(label -> label.toLowerCase(Locale.ROOT)).toList();
  }

  /** The label's index, empty where the text says none or several. */
  public OptionalInt read(String said) {
    Set<String> words =
        Stream.of(said.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
            .collect(Collectors.toSet());
    List<String> found = labels.stream().filter(words::contains).toList();
    return found.size() == 1 ? OptionalInt.of(labels.indexOf(found.get(0))) : OptionalInt.empty();
  }
}
