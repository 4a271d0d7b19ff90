package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;

/** A sentence and whether its sentiment is positive. */
public record SentimentItem(String id, String sentence, boolean positive) {
  public SentimentItem {
    Check.text(id, "id of an item");
    Check.text(sentence, "sentence of " + id);
  }
}
