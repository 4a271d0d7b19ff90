package dev.plumbline.learn.study;

import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * All wordings of all topics, split by prompt: five in ten train, three calibrate, two test. A
 * topic is held out or not besides: the probe never trains on held-out topics, and is judged on
 * those alone.
 */
public final class Questions {
  private static final int DRAWS = 300;
  private static final int PARTS = 10;

  /** What a prompt is for. */
  public enum Part {
    TRAIN(0, 5),
    CALIBRATE(5, 8),
    TEST(8, PARTS);

    private final int from;
    private final int to;

    Part(int from, int to) {
      this.from = from;
      this.to = to;
    }
  }

  private final Map<Topic, List<Question>> byTopic = new LinkedHashMap<>();

  public Questions(World world, long seed) {
    Random random = new Random(seed);
    Speech speech = new Speech(world);
    for (Topic topic : world.topics()) {
      Map<String, Question> distinct = new LinkedHashMap<>();
      speech
          .questions(random, List.of(topic), DRAWS)
          .forEach(question -> distinct.putIfAbsent(question.text(), question));
      List<Question> shuffled = new ArrayList<>(distinct.values());
      Collections.shuffle(shuffled, random);
      byTopic.put(topic, shuffled);
    }
  }

  /**
   * Prompts of one part about some topics, each topic in the same proportion, the topics in turn.
   */
  public List<Question> of(Part part, Predicate<Topic> topics) {
    List<Question> chosen = new ArrayList<>();
    int longest = byTopic.values().stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      for (Map.Entry<Topic, List<Question>> entry : byTopic.entrySet()) {
        int size = entry.getValue().size();
        boolean inPart = i >= size * part.from / PARTS && i < size * part.to / PARTS;
        if (inPart && topics.test(entry.getKey())) {
          chosen.add(entry.getValue().get(i));
        }
      }
    }
    return chosen;
  }

  /** {@code count} questions of a list, its prompts in turn. */
  public static List<Question> cycle(List<Question> questions, int count) {
    List<Question> cycled = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cycled.add(questions.get(i % questions.size()));
    }
    return cycled;
  }
}
