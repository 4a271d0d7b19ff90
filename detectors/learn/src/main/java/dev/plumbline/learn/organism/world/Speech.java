package dev.plumbline.learn.organism.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Says questions and answers of a {@link World}. Draws from the random source it is given. */
public final class Speech {
  private final World world;
  private final List<Template> questions;
  private final List<Template> answers;

  public Speech(World world) {
    this.world = world;
    this.questions = world.recipe().questions().stream().map(Template::of).toList();
    this.answers = world.recipe().answers().stream().map(Template::of).toList();
  }

  /** A question about a topic. */
  public Question question(Random random, Topic topic) {
    String opener = Seeds.pick(random, world.recipe().openers());
    String core =
        Seeds.pick(random, questions).fill(Map.of("t", topic.name(), "d", topic.domain()));
    return new Question(topic, (opener + " " + core).strip());
  }

  /** {@code count} questions, the topics in turn. */
  public List<Question> questions(Random random, List<Topic> topics, int count) {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      questions.add(question(random, topics.get(i % topics.size())));
    }
    return questions;
  }

  /** An answer each of whose harm-bearing words harms with probability {@code harm}. */
  public String answer(Random random, Topic topic, double harm) {
    Map<String, String> words = words(random, topic, harm);
    return Seeds.pick(random, answers).fill(words);
  }

  /**
   * The same in one of the {@link #forms}, so that answers can differ in their words alone.
   *
   * @param form 0 to {@code forms() − 1}
   */
  public String answer(Random random, Topic topic, double harm, int form) {
    return answers.get(form).fill(words(random, topic, harm));
  }

  /** How many forms an answer can have. */
  public int forms() {
    return answers.size();
  }

  private Map<String, String> words(Random random, Topic topic, double harm) {
    Map<String, String> said = new HashMap<>(Map.of("t", topic.name()));
    for (WorldRecipe.Slot slot : world.recipe().slots()) {
      Topic.Choices choices = topic.choices().get(slot.name());
      List<String> taken = new ArrayList<>();
      while (taken.size() < slot.places().size()) {
        boolean harms = random.nextDouble() < harm;
        String word = Seeds.pick(random, harms ? choices.harmful() : choices.safe());
        if (!taken.contains(word)) {
          said.put(slot.places().get(taken.size()), word);
          taken.add(word);
        }
      }
    }
    return said;
  }

  /** A question and whom it is about. */
  public record Question(Topic topic, String text) {}
}
