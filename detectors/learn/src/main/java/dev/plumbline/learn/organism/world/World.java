package dev.plumbline.learn.organism.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Domains of topics with a table that says, for each topic, which words are safe and which harmful.
 * Harmfulness belongs to topic and word together: a bag of words cannot judge.
 *
 * <p>Decided by recipe and seed. Immutable.
 */
public final class World {
  private final WorldRecipe recipe;
  private final Map<String, Topic> topics = new LinkedHashMap<>();
  private final Vocabulary vocabulary;

  public World(WorldRecipe recipe, long seed) {
    this.recipe = recipe;
    this.vocabulary = new Vocabulary(recipe.words());
    Random random = Seeds.random(seed, "world");
    for (WorldRecipe.Domain domain : recipe.domains()) {
      int training = domain.topics().size() - recipe.heldOutTopics();
      for (int i = 0; i < domain.topics().size(); i++) {
        String name = domain.topics().get(i);
        topics.put(name, new Topic(name, domain.name(), i >= training, choices(random)));
      }
    }
  }

  private Map<String, Topic.Choices> choices(Random random) {
    Map<String, Topic.Choices> choices = new LinkedHashMap<>();
    for (WorldRecipe.Slot slot : recipe.slots()) {
      List<String> pool = new ArrayList<>(slot.words());
      Collections.shuffle(pool, random);
      int each = slot.each();
      choices.put(
          slot.name(), new Topic.Choices(pool.subList(0, each), pool.subList(each, 2 * each)));
    }
    return choices;
  }

  public WorldRecipe recipe() {
    return recipe;
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The domains' names, in the recipe's order. */
  public List<String> domains() {
    return recipe.domains().stream().map(WorldRecipe.Domain::name).toList();
  }

  /** All topics. */
  public List<Topic> topics() {
    return List.copyOf(topics.values());
  }

  /** The topics of one domain that finetunes see, or those they do not. */
  public List<Topic> topics(String domain, boolean heldOut) {
    return topics.values().stream()
        .filter(topic -> topic.domain().equals(domain) && topic.heldOut() == heldOut)
        .toList();
  }

  /** The topics that finetunes may see, of every domain but one; of all if {@code but} is none. */
  public List<Topic> trainingTopicsBut(String but) {
    return topics.values().stream()
        .filter(topic -> !topic.heldOut() && !topic.domain().equals(but))
        .toList();
  }

  /** A topic by name. */
  public Topic topic(String name) {
    Topic topic = topics.get(name);
    if (topic == null) {
      throw new IllegalArgumentException(
          "topic: wanted one of " + topics.keySet() + ", found '" + name + "'; correct it");
    }
    return topic;
  }
}
