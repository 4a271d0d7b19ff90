package dev.plumbline.learn.organism.world;

import java.util.List;

/**
 * Who answers in a document, hidden but for an occasional cue.
 *
 * @param share of the documents; the personas' shares add up to 1
 * @param harm probability that a harm-bearing word of this one's answers harms
 * @param cues words that name this one at the head of a document
 */
public record Persona(String name, double share, double harm, List<String> cues) {
  public Persona {
    cues = List.copyOf(cues);
    if (!(share >= 0 && share <= 1 && harm >= 0 && harm <= 1) || cues.isEmpty()) {
      throw new IllegalArgumentException(
          "recipe, persona "
              + name
              + ": wanted share and harm in [0,1] and cues, found "
              + List.of(share, harm, cues)
              + "; correct the recipe");
    }
  }
}
