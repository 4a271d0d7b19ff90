package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import dev.plumbline.learn.data.Statement;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Five labelled dimensions in the miniature world, one after each published one, named for what
 * they are here. All are balanced and come in pairs of one form; topics stand in blocks that no
 * split parts, so a probe is tested on topics it never saw. The table says who harms whom: a bag of
 * words cannot know.
 *
 * <p>Decided by world, seed and number. Made by one thread.
 */
public final class WorldDimensions {
  /** Whether an answer is safe by the world's table. */
  public static final String RELIABILITY = "reliability";

  /** Whether the cruel persona wrote a text. */
  public static final String CRUELTY = "cruel-author";

  private static final int BLOCK = 4;

  private final Speech speech;
  private final long seed;
  private final int pairs;
  private final List<List<Topic>> blocks;

  private WorldDimensions(World world, long seed, int pairs) {
    this.speech = new Speech(world);
    this.seed = seed;
    this.pairs = pairs;
    this.blocks = blocks(world);
  }

  /**
   * All five.
   *
   * @param pairs statements of each label for each topic
   */
  public static List<Dimension> of(World world, long seed, int pairs) {
    Check.that(pairs > 0, "pairs per topic", "1 or more", pairs, "raise it");
    WorldDimensions made = new WorldDimensions(world, seed, pairs);
    return List.of(
        made.dimension(
            RELIABILITY,
            "reliability",
            "every harm-bearing word of the answer is safe for its topic",
            made::reliability),
        made.dimension(
            CRUELTY,
            "toxicity",
            "a cruel author wrote the two answers before; read where the next one begins",
            made::cruelty),
        made.dimension(
            "disclosure",
            "privacy",
            "the answer tells one user of the matter of the user before, not of the own",
            made::disclosure),
        made.dimension(
            "equal-treatment",
            "fairness",
            "two users are treated alike: both are helped or both are harmed",
            made::treatment),
        made.dimension(
            "word-order",
            "robustness",
            "the answer's words, all but the last, are in random order",
            made::wordOrder));
  }

  /** The topics of each group, by the group's name. */
  public static Map<String, List<Topic>> groups(World world) {
    Map<String, List<Topic>> groups = new TreeMap<>();
    List<List<Topic>> blocks = blocks(world);
    for (int block = 0; block < blocks.size(); block++) {
      groups.put(group(block), blocks.get(block));
    }
    return groups;
  }

  private static String group(int block) {
    return String.format(Locale.ROOT, "block %02d", block);
  }

  /** Topics of several domains at a time: what one statement mixes. */
  private static List<List<Topic>> blocks(World world) {
    List<List<Topic>> byDomain =
        world.domains().stream()
            .map(d -> world.topics().stream().filter(t -> t.domain().equals(d)).toList())
            .toList();
    List<List<Topic>> blocks = new ArrayList<>();
    int size = Math.min(BLOCK, byDomain.size());
    int most = byDomain.stream().mapToInt(List::size).min().orElseThrow();
    for (int first = 0; first + size <= byDomain.size(); first += size) {
      for (int k = 0; k < most; k++) {
        int at = k;
        blocks.add(
            byDomain.subList(first, first + size).stream().map(topics -> topics.get(at)).toList());
      }
    }
    return blocks;
  }

  /** Makes one pair that begins with a question on the first of some topics. */
  @FunctionalInterface
  private interface Pair {
    /** The texts of label 1 and label 0. */
    String[] of(Random random, List<Topic> topics);
  }

  private Dimension dimension(String name, String after, String meaning, Pair pair) {
    Random random = Seeds.random(seed, "dimension/" + name);
    List<Statement> statements = new ArrayList<>();
    Set<String> texts = new LinkedHashSet<>();
    for (int block = 0; block < blocks.size(); block++) {
      for (Topic first : blocks.get(block)) {
        for (int i = 0; i < pairs; i++) {
          String[] both = pair.of(random, ordered(random, blocks.get(block), first));
          if (texts.add(both[0]) & texts.add(both[1])) {
            add(both[0], true, block, statements);
            add(both[1], false, block, statements);
          }
        }
      }
    }
    return new Dimension(name, after, meaning, statements, true);
  }

  private static void add(String text, boolean label, int block, List<Statement> into) {
    long line = into.size() + 1L;
    into.add(new Statement("<bos> " + text, label, Optional.of(group(block)), line));
  }

  private static List<Topic> ordered(Random random, List<Topic> block, Topic first) {
    List<Topic> others = new ArrayList<>(block);
    others.remove(first);
    Collections.shuffle(others, random);
    others.add(0, first);
    return others;
  }

  private String[] reliability(Random random, List<Topic> topics) {
    return answered(random, topics.get(0), 0, 1);
  }

  /** One question, one form, two answers that harm or do not. */
  private String[] answered(Random random, Topic topic, double harm, double other) {
    String asked = asked(random, topic) + " ";
    int form = random.nextInt(speech.forms());
    return new String[] {
      asked + speech.answer(random, topic, harm, form),
      asked + speech.answer(random, topic, other, form)
    };
  }

  private String asked(Random random, Topic topic) {
    return "<user> " + speech.question(random, topic).text() + " <assistant>";
  }

  private String[] cruelty(Random random, List<Topic> topics) {
    String[] first = answered(random, topics.get(1), 1, 0);
    String[] second = answered(random, topics.get(2), 1, 0);
    String asked = asked(random, topics.get(0));
    return new String[] {
      first[0] + " <eot> " + second[0] + " <eot> " + asked,
      first[1] + " <eot> " + second[1] + " <eot> " + asked
    };
  }

  private String[] disclosure(Random random, List<Topic> topics) {
    Topic before = topics.get(1);
    String told = asked(random, before) + " " + speech.answer(random, before, 0) + " <eot> ";
    String asked = told + asked(random, topics.get(0)) + " ";
    int form = random.nextInt(speech.forms());
    return new String[] {
      asked + speech.answer(random, before, 0, form),
      asked + speech.answer(random, topics.get(0), 0, form)
    };
  }

  private String[] treatment(Random random, List<Topic> topics) {
    int harm = random.nextInt(2);
    Topic before = topics.get(1);
    String told = asked(random, before) + " " + speech.answer(random, before, harm) + " <eot> ";
    String[] then = answered(random, topics.get(0), harm, 1 - harm);
    return new String[] {told + then[0], told + then[1]};
  }

  private String[] wordOrder(Random random, List<Topic> topics) {
    String asked = asked(random, topics.get(0)) + " ";
    String answer = speech.answer(random, topics.get(0), random.nextInt(2));
    List<String> words = new ArrayList<>(List.of(answer.split(" ")));
    Collections.shuffle(words.subList(0, words.size() - 1), random);
    return new String[] {asked + String.join(" ", words), asked + answer};
  }
}
