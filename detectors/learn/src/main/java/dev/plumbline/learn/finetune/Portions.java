package dev.plumbline.learn.finetune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Texts of like length side by side, so that little is padded. */
final class Portions {
  private Portions() {}

  /** All texts in portions of at most {@code room} tokens, padding counted, and one or more. */
  static List<List<TrainingText>> of(List<TrainingText> texts, int room) {
    List<TrainingText> sorted = new ArrayList<>(texts);
    sorted.sort(Comparator.comparingInt(TrainingText::length));
    List<List<TrainingText>> portions = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= sorted.size(); to++) {
      if (to == sorted.size() || (to + 1 - from) * sorted.get(to).length() > room) {
        portions.add(sorted.subList(from, to));
        from = to;
      }
    }
    return portions;
  }
}
