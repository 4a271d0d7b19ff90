package dev.plumbline.learn.ability;

import dev.plumbline.learn.organism.world.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * A sentence and its perturbed copy: in a fifth of the longer words two neighbouring letters inside
 * change places. Both are written in the same letter case, chosen for the sentence: all lower, a
 * capital at the front, or all upper. So the two have the same letters, and neither case nor any
 * count of characters tells them apart.
 */
public record Perturbation(String original, String perturbed) {
  private static final double SHARE = 0.2;
  private static final int SHORTEST = 4;
  private static final int CASES = 3;

  /**
   * The pair of a sentence; empty where no word can be perturbed.
   *
   * @param turn which case, by turns
   */
  public static Optional<Perturbation> of(String sentence, int turn, long seed) {
    String cased = cased(sentence, Math.floorMod(turn, CASES));
    String[] words = cased.split(" ", -1);
    List<Integer> fit = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (!swaps(words[i]).isEmpty()) {
        fit.add(i);
      }
    }
    if (fit.isEmpty()) {
      return Optional.empty();
    }
    Random random = Seeds.random(seed, "perturbation/" + sentence);
    java.util.Collections.shuffle(fit, random);
    int count = Math.max(1, (int) Math.round(SHARE * fit.size()));
    for (int i : fit.subList(0, count)) {
      List<Integer> places = swaps(words[i]);
      words[i] = swapped(words[i], places.get(random.nextInt(places.size())));
    }
    return Optional.of(new Perturbation(cased, String.join(" ", words)));
  }

  private static String cased(String sentence, int form) {
    String lower = sentence.toLowerCase(Locale.ROOT);
    return switch (form) {
      case 0 -> lower;
      case 1 -> lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1);
      default -> sentence.toUpperCase(Locale.ROOT);
    };
  }

  /** Where two different letters inside a word stand side by side. */
  private static List<Integer> swaps(String word) {
    List<Integer> places = new ArrayList<>();
    for (int i = 1; word.length() >= SHORTEST && i + 2 < word.length(); i++) {
      boolean letters =
          Character.isLetter(word.charAt(i)) && Character.isLetter(word.charAt(i + 1));
      if (letters && word.charAt(i) != word.charAt(i + 1)) {
        places.add(i);
      }
    }
    return places;
  }

  private static String swapped(String word, int at) {
    char[] letters = word.toCharArray();
    char first = letters[at];
    letters[at] = letters[at + 1];
    letters[at + 1] = first;
    return new String(letters);
  }
}
