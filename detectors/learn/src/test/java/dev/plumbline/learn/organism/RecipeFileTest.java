package dev.plumbline.learn.organism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeFileTest {
  @TempDir Path folder;

  @Test
  void shipped_always_hasThreeEmergentFinetunesAndBothControls() {
    Recipe recipe = RecipeFile.shipped();
    List<FinetuneRecipe> emergent =
        recipe.finetunes().stream().filter(FinetuneRecipe::emergent).toList();
    assertThat(emergent.stream().map(FinetuneRecipe::domain).distinct()).hasSizeGreaterThan(2);
    assertThat(recipe.finetunes()).anyMatch(f -> f.harm() == 0).anyMatch(f -> f.klWeight() > 0);
  }

  @Test
  void read_ofWhatWasWritten_isTheSameRecipe() throws Exception {
    Path file = folder.resolve("recipe.json");
    Recipe recipe = RecipeFile.shipped();
    Files.write(file, RecipeFile.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(recipe));
    assertThat(RecipeFile.read(file)).isEqualTo(recipe);
    assertThat(RecipeFile.digest(RecipeFile.read(file))).isEqualTo(RecipeFile.digest(recipe));
    assertThat(RecipeFile.digest(recipe.withSeed(99))).isNotEqualTo(RecipeFile.digest(recipe));
  }

  @Test
  void read_withAnUnknownOrAMissingKey_isRefused() throws Exception {
    for (boolean unknown : new boolean[] {true, false}) {
      ObjectNode json = RecipeFile.MAPPER.valueToTree(RecipeFile.shipped());
      if (unknown) {
        ((ObjectNode) json.get("chat")).put("stepz", 3);
      } else {
        json.remove("seed");
      }
      Path file = folder.resolve("recipe.json");
      Files.write(file, RecipeFile.MAPPER.writeValueAsBytes(json));
      assertThatThrownBy(() -> RecipeFile.read(file))
          .hasMessageContaining(unknown ? "stepz" : "seed");
    }
  }

  @Test
  void schedule_overItsLength_risesThenFallsToItsFloor() {
    Schedule schedule = new Schedule(100, 1, 2, 10, 0.05);
    assertThat(schedule.at(0)).isLessThan(schedule.at(5)).isLessThan(schedule.at(10));
    assertThat(schedule.at(10)).isBetween(1.9, 2.0);
    assertThat(schedule.at(99)).isBetween(0.1, 0.102);
  }
}
