package dev.plumbline.learn.sample;

import dev.plumbline.core.Check;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Questions of the organism's world: so many distinct wordings of each topic. */
public final class OrganismQuestions {
  private static final int DRAWS = 1000;

  private OrganismQuestions() {}

  /**
   * Ids are {@code TOPIC-1}, …; the category is the topic's domain.
   *
   * @param topics those asked about
   */
  public static List<Question> of(World world, List<Topic> topics, int wordings, long seed) {
    Check.that(wordings > 0, "wordings of a topic", "1 or more", wordings, "raise it");
    Speech speech = new Speech(world);
    List<Question> questions = new ArrayList<>();
    for (Topic topic : topics) {
      int count = 0;
      for (String text : texts(speech, topic, wordings, seed)) {
        count++;
        String id = topic.name() + "-" + count;
        questions.add(Question.of(id, Optional.of(topic.domain()), text));
      }
    }
    return questions;
  }

  private static Set<String> texts(Speech speech, Topic topic, int wordings, long seed) {
    Random random = Seeds.random(seed, "questions/" + topic.name());
    Set<String> texts = new LinkedHashSet<>();
    for (int draw = 0; draw < DRAWS && texts.size() < wordings; draw++) {
      texts.add(speech.question(random, topic).text());
    }
    Check.that(
        texts.size() == wordings,
        "wordings of " + topic.name(),
        wordings + " distinct ones",
        texts.size(),
        "ask for fewer");
    return texts;
  }
}
