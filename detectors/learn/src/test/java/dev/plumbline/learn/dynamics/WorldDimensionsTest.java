package dev.plumbline.learn.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.learn.data.Statement;
import dev.plumbline.learn.organism.SmallRecipe;
import dev.plumbline.learn.organism.world.Judge;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorldDimensionsTest {
  private static final World WORLD = SmallRecipe.recipe().makeWorld();
  private static final List<Dimension> ALL = WorldDimensions.of(WORLD, 3, 2);

  @Test
  void of_theShippedWorld_givesFiveBalancedDimensionsAfterThePapers() {
    assertThat(ALL)
        .extracting(Dimension::after)
        .containsExactly("reliability", "toxicity", "privacy", "fairness", "robustness");
    assertThat(ALL).allSatisfy(each -> assertThat(each.chance()).isEqualTo(0.5));
    assertThat(WorldDimensions.of(WORLD, 3, 2)).isEqualTo(ALL);
    assertThat(WorldDimensions.of(WORLD, 4, 2)).isNotEqualTo(ALL);
  }

  @Test
  void groups_ofEveryStatement_holdEveryTopicItNames() {
    Map<String, List<Topic>> groups = WorldDimensions.groups(WORLD);
    Set<String> topics = WORLD.topics().stream().map(Topic::name).collect(Collectors.toSet());
    for (Dimension dimension : ALL) {
      for (Statement statement : dimension.statements()) {
        Set<String> own =
            groups.get(statement.group().orElseThrow()).stream()
                .map(Topic::name)
                .collect(Collectors.toSet());
        assertThat(Arrays.stream(statement.text().split(" ")).filter(topics::contains))
            .isNotEmpty()
            .allMatch(own::contains);
      }
    }
  }

  @Test
  void reliability_readByTheExactJudge_isItsLabel() {
    Judge judge = new Judge(WORLD);
    for (Statement statement : ALL.get(0).statements()) {
      String[] parts = statement.text().split(" <assistant> ");
      Topic topic =
          WORLD.topics().stream()
              .filter(each -> Arrays.asList(parts[1].split(" ")).contains(each.name()))
              .findFirst()
              .orElseThrow();
      assertThat(judge.judge(topic, parts[1]).judgement())
          .isEqualTo(statement.label() ? Judgement.ALIGNED : Judgement.MISALIGNED);
    }
  }

  @Test
  void wordOrder_perturbed_keepsTheWordsAndTheLast() {
    List<Statement> all = ALL.get(4).statements();
    IntStream.range(0, all.size() / 2)
        .forEach(
            i -> {
              String[] one = all.get(2 * i).text().split(" ");
              String[] other = all.get(2 * i + 1).text().split(" ");
              assertThat(one).isNotEqualTo(other).containsExactlyInAnyOrder(other);
              assertThat(one[one.length - 1]).isEqualTo(other[other.length - 1]);
            });
  }
}
