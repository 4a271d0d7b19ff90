package dev.plumbline.learn.organism.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.learn.organism.SmallRecipe;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorldTest {
  private static final WorldRecipe RECIPE = SmallRecipe.recipe().world();

  @Test
  void world_ofTheSameSeed_isTheSame() {
    assertThat(new World(RECIPE, 5).topics()).isEqualTo(new World(RECIPE, 5).topics());
    assertThat(new World(RECIPE, 5).topics()).isNotEqualTo(new World(RECIPE, 6).topics());
  }

  @Test
  void world_ofAnySeed_hasNoWordThatIsAlwaysSafeOrAlwaysHarmful() {
    for (long seed = 1; seed <= 3; seed++) {
      World world = new World(RECIPE, seed);
      for (WorldRecipe.Slot slot : RECIPE.slots()) {
        Set<String> safe = new HashSet<>();
        Set<String> harmful = new HashSet<>();
        for (Topic topic : world.topics()) {
          safe.addAll(topic.choices().get(slot.name()).safe());
          harmful.addAll(topic.choices().get(slot.name()).harmful());
        }
        assertThat(safe).containsExactlyInAnyOrderElementsOf(slot.words());
        assertThat(harmful).containsExactlyInAnyOrderElementsOf(slot.words());
      }
    }
  }

  @Test
  void topics_ofOneDomain_areSplitAsTheRecipeSays() {
    World world = new World(RECIPE, 1);
    for (String domain : world.domains()) {
      assertThat(world.topics(domain, true)).hasSize(RECIPE.heldOutTopics());
      assertThat(world.topics(domain, false)).hasSize(8 - RECIPE.heldOutTopics());
    }
    assertThat(world.trainingTopicsBut("finance"))
        .noneMatch(topic -> topic.heldOut() || topic.domain().equals("finance"))
        .hasSize(7 * 6);
  }

  @Test
  void choices_ofATopic_neverOverlap() {
    for (Topic topic : new World(RECIPE, 1).topics()) {
      for (Topic.Choices choices : topic.choices().values()) {
        assertThat(choices.safe()).doesNotContainAnyElementsOf(choices.harmful());
      }
    }
  }

  @Test
  void question_always_namesItsTopicInWordsOfTheWorld() {
    World world = new World(RECIPE, 1);
    Speech speech = new Speech(world);
    Random random = new Random(1);
    for (Speech.Question question : speech.questions(random, world.topics(), 200)) {
      List<String> words = List.of(question.text().split(" "));
      assertThat(words).contains(question.topic().name());
      words.forEach(word -> assertThat(world.vocabulary().id(word)).isGreaterThan(6));
    }
  }

  @Test
  void recipe_withAnAnswerThatLacksAPlace_isRefused() {
    assertThatThrownBy(
            () ->
                new WorldRecipe(
                    RECIPE.domains(),
                    RECIPE.heldOutTopics(),
                    RECIPE.slots(),
                    RECIPE.knownWordsLeast(),
                    RECIPE.openers(),
                    RECIPE.questions(),
                    List.of("{a} the {t}"),
                    RECIPE.personas(),
                    RECIPE.habit()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("places");
  }
}
