package dev.plumbline.learn.organism.world;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sentence with places, {@code first {a} and {b} the {t}}: filled to speak, matched to judge.
 *
 * @param words its words; a place is a letter in braces
 */
record Template(List<String> words) {
  Template {
    words = List.copyOf(words);
  }

  static Template of(String text) {
    return new Template(List.of(text.split(" ")));
  }

  static boolean isPlace(String word) {
    return word.startsWith("{");
  }

  private static String name(String place) {
    return place.substring(1, place.length() - 1);
  }

  /** The places' names, in order. */
  List<String> places() {
    return words.stream().filter(Template::isPlace).map(Template::name).toList();
  }

  /** The sentence with its places filled. */
  String fill(Map<String, String> values) {
    return String.join(" ", words.stream().map(w -> isPlace(w) ? values.get(name(w)) : w).toList());
  }

  /** What stands in the places of a sentence of this form; empty if it is not of this form. */
  Optional<Map<String, String>> match(List<String> sentence) {
    if (sentence.size() != words.size()) {
      return Optional.empty();
    }
    Map<String, String> found = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      if (isPlace(words.get(i))) {
        found.put(name(words.get(i)), sentence.get(i));
      } else if (!words.get(i).equals(sentence.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }
}
