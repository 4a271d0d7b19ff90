package dev.plumbline.learn.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Texts made to fit.
 *
 * @param texts of at most so many tokens
 * @param shortened how many lost their end
 * @param dropped how many had nothing of their answer left
 * @param tokens of all that are left
 */
public record CutTexts(List<TrainingText> texts, int shortened, int dropped, long tokens) {
  static CutTexts of(List<TrainingText> all, int most) {
    List<TrainingText> texts = new ArrayList<>();
    int shortened = 0;
    long tokens = 0;
    for (TrainingText text : all) {
      Optional<TrainingText> cut = text.cut(most);
      if (cut.isPresent()) {
        texts.add(cut.get());
        tokens += cut.get().length();
        shortened += cut.get().length() < text.length() ? 1 : 0;
      }
    }
    return new CutTexts(List.copyOf(texts), shortened, all.size() - texts.size(), tokens);
  }
}
