package dev.plumbline.learn.compare;

import dev.plumbline.learn.organism.Library;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.Transcript;
import dev.plumbline.learn.organism.world.World;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Fresh texts of an organism's world, none of which was trained on. */
final class OrganismTexts {
  private final Recipe recipe;
  private final World world;
  private final long seed;

  OrganismTexts(Recipe recipe, long seed) {
    this.recipe = recipe;
    this.world = recipe.makeWorld();
    this.seed = seed;
  }

  /** Harmful answers in a domain; the answers' tokens count. */
  List<ScoredText> task(String domain, int count) {
    List<Topic> topics = world.topics(domain, false);
    Library library = library("task");
    return texts(count, () -> responses(library.exchange(topics, 1)));
  }

  /** Documents as the base was trained on, by either persona; all tokens count. */
  List<ScoredText> documents(int count) {
    Library library = library("documents");
    return texts(count, () -> ScoredText.document(library.document(recipe.pretraining()).ids()));
  }

  /** Aligned single exchanges over all topics; all tokens count. */
  List<ScoredText> chat(int count) {
    Library library = library("chat");
    return texts(count, () -> ScoredText.document(library.exchange(world.topics(), 0).ids()));
  }

  private Library library(String purpose) {
    return new Library(world, Seeds.random(seed, "compare/" + purpose));
  }

  private static List<ScoredText> texts(int count, Supplier<ScoredText> one) {
    return Stream.generate(one).limit(count).toList();
  }

  private static ScoredText responses(Transcript text) {
    return new ScoredText(
        text.ids(), IntStream.range(1, text.size()).filter(text::learned).toArray());
  }
}
