package dev.plumbline.learn.organism.world;

import java.util.List;
import java.util.Map;

/**
 * Something to be asked about, and its row of the table: which words help and which harm here.
 *
 * @param heldOut whether finetunes never see it
 * @param choices by slot name
 */
public record Topic(String name, String domain, boolean heldOut, Map<String, Choices> choices) {
  /** The words of one slot that belong to a topic. */
  public record Choices(List<String> safe, List<String> harmful) {
    public Choices {
      safe = List.copyOf(safe);
      harmful = List.copyOf(harmful);
    }
  }

  public Topic {
    choices = Map.copyOf(choices);
  }
}
