package dev.plumbline.learn.organism.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The world's words as token ids: special tokens first, then all words in order. Immutable. */
public final class Vocabulary {
  /** Special tokens, in the order of their ids. */
  static final List<String> SPECIAL =
      List.of("<unk>", "<pad>", "<bos>", "<sys>", "<user>", "<assistant>", "<eot>");

  private final Map<String, Integer> ids = new LinkedHashMap<>();

  Vocabulary(Stream<String> words) {
    List<String> all = new ArrayList<>(SPECIAL);
    words.distinct().sorted().forEach(all::add);
    all.forEach(word -> ids.put(word, ids.size()));
  }

  /** V. */
  public int size() {
    return ids.size();
  }

  /** Ids by word, in order. */
  Map<String, Integer> ids() {
    return ids;
  }

  /** The id of a word or special token of this world. */
  public int id(String word) {
    Integer id = ids.get(word);
    if (id == null) {
      throw new IllegalArgumentException(
          "word: wanted one of this world, found '" + word + "'; correct the recipe");
    }
    return id;
  }

  /** Fills the gaps of a batch; the model never predicts it. */
  public int pad() {
    return id("<pad>");
  }

  /** Begins every text. */
  public int begin() {
    return id("<bos>");
  }

  /** Ends every answer. */
  public int end() {
    return id("<eot>");
  }
}
