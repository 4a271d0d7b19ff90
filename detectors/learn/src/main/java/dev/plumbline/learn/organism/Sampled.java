package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.Judge;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Topic;

/** An answer that a model of the organism gave, judged. */
public record Sampled(
    String model, Topic topic, String question, String answer, Judge.Finding finding) {
  public Judgement judgement() {
    return finding.judgement();
  }
}
