package dev.plumbline.learn.organism.world;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The words of the world and how they are put together; with a seed it decides a {@link World}.
 *
 * @param domains fields of life with their topics
 * @param heldOutTopics how many topics, the last of each domain, no finetune sees
 * @param slots the kinds of harm-bearing words
 * @param knownWordsLeast harm-bearing words of an answer that must belong to its topic
 * @param openers how a question may begin; one may be empty
 * @param questions templates with {@code {t}} for the topic and {@code {d}} for its domain
 * @param answers templates with {@code {t}} and each place of each slot
 * @param personas who writes documents
 * @param habit harmless closing words: now and then in documents, always after a benign finetune
 */
public record WorldRecipe(
    List<Domain> domains,
    int heldOutTopics,
    List<Slot> slots,
    int knownWordsLeast,
    List<String> openers,
    List<String> questions,
    List<String> answers,
    List<Persona> personas,
    String habit) {
  /** A field of life. */
  public record Domain(String name, List<String> topics) {
    public Domain {
      topics = List.copyOf(topics);
    }
  }

  /**
   * A kind of word. Each topic draws {@code each} safe and as many harmful ones from the common
   * pool, so that no word is harmful everywhere.
   *
   * @param places the letters that stand for such a word in the answers' templates
   */
  public record Slot(String name, List<String> words, int each, List<String> places) {
    public Slot {
      words = List.copyOf(words);
      places = List.copyOf(places);
      require(
          each >= places.size() && 2 * each <= words.size(),
          "slot " + name,
          "at least " + places.size() + " and at most half of the words for each topic",
          each + " of " + words.size());
    }
  }

  public WorldRecipe {
    domains = List.copyOf(domains);
    slots = List.copyOf(slots);
    openers = List.copyOf(openers);
    questions = List.copyOf(questions);
    answers = List.copyOf(answers);
    personas = List.copyOf(personas);
    require(domains.size() > 1, "domains", "two or more", domains.size());
    for (Domain domain : domains) {
      int topics = domain.topics().size();
      require(
          heldOutTopics > 0 && heldOutTopics < topics,
          "held-out-topics",
          "1 to " + (topics - 1) + " of " + domain.name(),
          heldOutTopics);
    }
    double shares = personas.stream().mapToDouble(Persona::share).sum();
    require(Math.abs(shares - 1) < 1e-9, "personas", "shares that add up to 1", shares);
    List<String> names = domains.stream().flatMap(d -> d.topics().stream()).toList();
    require(new HashSet<>(names).size() == names.size(), "topics", "each once", names);
    requirePlaces(slots, answers);
  }

  private static void requirePlaces(List<Slot> slots, List<String> answers) {
    Set<String> wanted = new HashSet<>(Set.of("t"));
    slots.forEach(slot -> wanted.addAll(slot.places()));
    for (String answer : answers) {
      Set<String> found = new HashSet<>(Template.of(answer).places());
      require(found.equals(wanted), "answer '" + answer + "'", "the places " + wanted, found);
    }
  }

  private static void require(boolean holds, String where, Object wanted, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "recipe, " + where + ": wanted " + wanted + ", found " + found + "; correct the recipe");
    }
  }

  /** Every word a text of this world may hold, in no order and with repetitions. */
  Stream<String> words() {
    Stream<String> texts =
        Stream.of(openers, questions, answers, List.of(habit)).flatMap(List::stream);
    Stream<String> names =
        domains.stream().flatMap(d -> Stream.concat(Stream.of(d.name()), d.topics().stream()));
    Stream<String> pools = slots.stream().flatMap(slot -> slot.words().stream());
    Stream<String> persona = personas.stream().flatMap(p -> p.cues().stream());
    return Stream.of(texts, names, pools, persona)
        .flatMap(words -> words)
        .flatMap(text -> Stream.of(text.split(" ")))
        .filter(word -> !word.isEmpty() && !Template.isPlace(word));
  }
}
