package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.GroupFolds;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Whole groups of topics in three parts: half make the vectors, a quarter choose among them, a
 * quarter judge the choice. Nothing of one part is ever in another.
 */
final class SteeringParts {
  private static final int QUARTERS = 4;

  private final World world;
  private final String ownDomain;
  private final Set<String> halves = new TreeSet<>();
  private final List<Topic> validation = new ArrayList<>();
  private final List<Topic> test = new ArrayList<>();

  /**
   * @param ownDomain what the model was finetuned on: asked about by neither part
   */
  SteeringParts(World world, String ownDomain, long seed) {
    this.world = world;
    this.ownDomain = ownDomain;
    Map<String, List<Topic>> groups = WorldDimensions.groups(world);
    List<String> names = List.copyOf(groups.keySet());
    int[] quarter = GroupFolds.assign(names, QUARTERS, seed);
    for (int i = 0; i < quarter.length; i++) {
      if (quarter[i] < 2) {
        halves.add(names.get(i));
      } else {
        add(groups.get(names.get(i)), quarter[i] == 2 ? validation : test);
      }
    }
  }

  private void add(List<Topic> topics, List<Topic> part) {
    topics.stream().filter(topic -> !topic.domain().equals(ownDomain)).forEach(part::add);
  }

  /** The rows of a dimension that make vectors. */
  int[] rows(Dimension dimension) {
    List<String> groups = dimension.groups();
    return IntStream.range(0, groups.size()).filter(i -> halves.contains(groups.get(i))).toArray();
  }

  /** Questions for choosing, the topics in turn. */
  List<Question> validation(int perTopic, long seed) {
    return questions(validation, perTopic, Seeds.random(seed, "steering validation"));
  }

  /** Questions for judging, the topics in turn. */
  List<Question> test(int perTopic, long seed) {
    return questions(test, perTopic, Seeds.random(seed, "steering test"));
  }

  /** The topics of {@link #test}. */
  List<Topic> testTopics() {
    return List.copyOf(test);
  }

  private List<Question> questions(List<Topic> topics, int perTopic, Random random) {
    return new Speech(world).questions(random, topics, perTopic * topics.size());
  }
}
