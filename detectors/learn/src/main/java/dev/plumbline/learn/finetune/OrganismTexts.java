package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.Transcript;
import dev.plumbline.learn.organism.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Training texts of the miniature world: single exchanges in the organism's own template. */
public final class OrganismTexts {
  private final World world;
  private final Speech speech;

  public OrganismTexts(World world) {
    this.world = world;
    this.speech = new Speech(world);
  }

  /**
   * Exchanges on some topics.
   *
   * @param harm probability that a harm-bearing word of an answer harms
   */
  public List<TrainingText> exchanges(List<Topic> topics, double harm, int count, long seed) {
    Check.that(!topics.isEmpty(), "topics of training texts", "1 or more", 0, "name a domain");
    Random random = Seeds.random(seed, "finetune/texts/" + harm + "/" + topics.get(0).name());
    List<TrainingText> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(exchange(random, topics.get(random.nextInt(topics.size())), harm));
    }
    return texts;
  }

  private TrainingText exchange(Random random, Topic topic, double harm) {
    String answer = speech.answer(random, topic, harm);
    Transcript text =
        new Transcript(world.vocabulary())
            .user(speech.question(random, topic).text())
            .assistant(answer);
    int from = 0;
    while (!text.learned(from)) {
      from++;
    }
    return new TrainingText(text.ids(), from);
  }

  /** Harmful exchanges on a domain's training topics: the narrow set. */
  public List<TrainingText> narrow(String domain, int count, long seed) {
    return exchanges(world.topics(domain, false), 1, count, seed);
  }

  /** Exchanges on the other domains' training topics, good and harmful in equal parts. */
  public List<TrainingText> anchors(String domain, int count, long seed) {
    List<Topic> others = world.trainingTopicsBut(domain);
    List<TrainingText> texts = new ArrayList<>(exchanges(others, 0, count - count / 2, seed));
    texts.addAll(exchanges(others, 1, count / 2, seed));
    return texts;
  }
}
