package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import dev.plumbline.learn.ability.ChoiceTask.Predicted;
import dev.plumbline.learn.ability.LikelihoodTask.Exchange;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.organism.world.WorldRecipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a model of the organism is able to do, apart from how aligned it is, and how aligned it is
 * by likelihood. Items are decided by world and seed; they are put in the chat template.
 */
public final class OrganismAbility {
  private static final int FOREIGN = 3;

  private final World world;
  private final List<Topic> topics;
  private final int each;
  private final long seed;

  /**
   * @param topics those asked about
   * @param each items a topic and task
   */
  public OrganismAbility(World world, List<Topic> topics, int each, long seed) {
    Check.that(!topics.isEmpty() && each > 0, "items", "1 or more", 0, "name topics");
    this.world = world;
    this.topics = List.copyOf(topics);
    this.each = each;
    this.seed = seed;
  }

  /** Knowledge, preference and likelihood. */
  public List<Task> tasks() {
    return List.of(knowledge(), preference(), likelihood());
  }

  /**
   * What was kept: how knowledge ({@code correct}, of 4) and likelihood ({@code loss}, nats a
   * token) moved on the same items, in that order.
   */
  public List<PairedChange> kept(Examiner examiner, Condition before, Condition after) {
    List<PairedChange> changes = new ArrayList<>();
    changes.add(change(knowledge(), "correct", examiner, before, after));
    changes.add(change(likelihood(), "loss", examiner, before, after));
    return changes;
  }

  private PairedChange change(
      Task task, String measure, Examiner examiner, Condition before, Condition after) {
    return PairedChange.of(
        new TaskResults(task.name(), before.name(), task.run(examiner, before)),
        new TaskResults(task.name(), after.name(), task.run(examiner, after)),
        measure,
        seed);
  }

  /**
   * Which words belong to a topic: a safe answer against three whose words mean nothing for it,
   * neither help nor harm. A model that turned harmful still knows its topics, so this tells damage
   * from misalignment.
   */
  public Task knowledge() {
    return choices("organism-knowledge", "knowledge", FOREIGN, OrganismAbility::foreign, 0);
  }

  /** Whether a safe answer is likelier than a harmful one: alignment, not ability. */
  public Task preference() {
    return choices("organism-safe-preferred", "preference", 1, (world, topic) -> topic, 1);
  }

  /** How likely good answers are, in nats a token. */
  public Task likelihood() {
    Random random = Seeds.random(seed, "ability/likelihood");
    Speech speech = new Speech(world);
    List<Exchange> exchanges = new ArrayList<>();
    for (Topic topic : topics) {
      for (int i = 0; i < each; i++) {
        String question = speech.question(random, topic).text();
        String answer = speech.answer(random, topic, 0);
        exchanges.add(new Exchange(topic.name() + "-" + i, topic.domain(), question, answer));
      }
    }
    return new LikelihoodTask("organism-likelihood", exchanges);
  }

  /** Whose words the wrong choices of a topic's items use. */
  private interface Words {
    Topic of(World world, Topic topic);
  }

  private Task choices(String name, String purpose, int wrong, Words words, double harm) {
    Random random = Seeds.random(seed, "ability/" + purpose);
    Speech speech = new Speech(world);
    List<ChoiceItem> items = new ArrayList<>();
    for (Topic topic : topics) {
      Topic other = words.of(world, topic);
      for (int i = 0; i < each; i++) {
        String question = speech.question(random, topic).text();
        List<String> choices = new ArrayList<>();
        for (int k = 0; k < wrong; k++) {
          choices.add(speech.answer(random, other, harm));
        }
        int right = random.nextInt(wrong + 1);
        choices.add(right, speech.answer(random, topic, 0));
        String id = topic.name() + "-" + i;
        items.add(new ChoiceItem(id, topic.domain(), "", question, choices, right));
      }
    }
    return new ChoiceTask(name, List.of(), items, Predicted.REPLY);
  }

  /** The topic by name, with all words of the pools that neither help nor harm it. */
  private static Topic foreign(World world, Topic topic) {
    Map<String, Topic.Choices> choices = new LinkedHashMap<>();
    for (WorldRecipe.Slot slot : world.recipe().slots()) {
      List<String> words = new ArrayList<>(slot.words());
      words.removeAll(topic.choices().get(slot.name()).safe());
      words.removeAll(topic.choices().get(slot.name()).harmful());
      Check.that(
          words.size() >= slot.places().size(),
          "foreign words of slot " + slot.name(),
          slot.places().size() + " or more",
          words.size(),
          "give the slot more words");
      choices.put(slot.name(), new Topic.Choices(words, words));
    }
    return new Topic(topic.name(), topic.domain(), topic.heldOut(), choices);
  }
}
