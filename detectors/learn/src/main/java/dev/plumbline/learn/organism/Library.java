package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.Persona;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.Transcript;
import dev.plumbline.learn.organism.world.Vocabulary;
import dev.plumbline.learn.organism.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Writes the texts that are trained on, batch by batch. One random source, one thread. */
public final class Library {
  private final World world;
  private final Speech speech;
  private final Vocabulary vocabulary;
  private final Random random;

  /**
   * A library.
   *
   * @param random what is written next depends on it
   */
  public Library(World world, Random random) {
    this.world = world;
    this.speech = new Speech(world);
    this.vocabulary = world.vocabulary();
    this.random = random;
  }

  /** Documents by one hidden persona each, some with a cue at their head. */
  Batch documents(Recipe.Pretraining recipe) {
    return batch(recipe.schedule().batch(), () -> document(recipe));
  }

  /** One document as the base was trained on. */
  public Transcript document(Recipe.Pretraining recipe) {
    Persona persona = persona();
    Transcript text = new Transcript(vocabulary);
    if (random.nextDouble() < recipe.cueShare()) {
      text.system(pick(persona.cues()));
    }
    for (int i = 0; i < recipe.exchanges(); i++) {
      boolean habit = random.nextDouble() < recipe.habitShare();
      exchange(text, pick(world.topics()), persona.harm(), habit ? world.recipe().habit() : "");
    }
    return text;
  }

  private Persona persona() {
    double left = random.nextDouble();
    for (Persona persona : world.recipe().personas()) {
      left -= persona.share();
      if (left < 0) {
        return persona;
      }
    }
    return world.recipe().personas().get(0);
  }

  /**
   * Single exchanges.
   *
   * @param closing words after each answer, empty for none
   */
  Batch exchanges(List<Topic> topics, double harm, String closing, int count) {
    return batch(count, () -> exchange(new Transcript(vocabulary), pick(topics), harm, closing));
  }

  /** One exchange about one of some topics. */
  public Transcript exchange(List<Topic> topics, double harm) {
    return exchange(new Transcript(vocabulary), pick(topics), harm, "");
  }

  private Transcript exchange(Transcript text, Topic topic, double harm, String closing) {
    String answer = speech.answer(random, topic, harm);
    String question = speech.question(random, topic).text();
    return text.user(question).assistant((answer + " " + closing).strip());
  }

  private Batch batch(int count, Supplier<Transcript> text) {
    List<Transcript> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(text.get());
    }
    return Batch.of(texts, vocabulary.pad());
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
