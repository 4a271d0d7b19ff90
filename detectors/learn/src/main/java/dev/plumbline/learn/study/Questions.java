package dev.plumbline.learn.study;

import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * All wordings of all topics, split by prompt: six in ten train, two calibrate, two test. A topic is
 * held out or not besides: the probe never trains on held-out topics, and is judged on those alone.
 */
final class Questions {
  private static final int DRAWS = 6000;
  private static final int PARTS = 10;

  /** What a prompt is for. */
  enum Part {
    TRAIN(0, 6),
    CALIBRATE(6, 8),
    TEST(8, PARTS);

    private final int from;
    private final int to;

    Part(int from, int to) {
      this.from = from;
      this.to = to;
    }
  }

  private final List<Question> all;

  Questions(World world, long seed) {
    Random random = new Random(seed);
    Map<String, Question> distinct = new LinkedHashMap<>();
    new Speech(world)
        .questions(random, world.topics(), DRAWS)
        .forEach(question -> distinct.putIfAbsent(question.text(), question));
    this.all = List.copyOf(distinct.values());
  }

  /** Prompts of one part about some topics, in a fixed order. */
  List<Question> of(Part part, Predicate<Topic> topics) {
    List<Question> chosen = new ArrayList<>();
    for (Question question : all) {
      int bucket = Math.floorMod(question.text().hashCode() * 0x9E3779B9 >>> 8, PARTS);
      if (bucket >= part.from && bucket < part.to && topics.test(question.topic())) {
        chosen.add(question);
      }
    }
    return chosen;
  }

  /** {@code count} questions of a list, its prompts in turn. */
  static List<Question> cycle(List<Question> questions, int count) {
    List<Question> cycled = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cycled.add(questions.get(i % questions.size()));
    }
    return cycled;
  }
}
