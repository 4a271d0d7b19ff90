package dev.plumbline.learn.organism;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.learn.organism.OrganismReport.Count;
import dev.plumbline.learn.organism.OrganismReport.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrganismReportTest {
  private static final Recipe RECIPE = RecipeFile.shipped();

  private static OrganismReport report(int chat, int own, int others, int control) {
    List<Row> rows = new ArrayList<>();
    for (String domain : RECIPE.makeWorld().domains()) {
      rows.add(new Row("chat", domain, false, new Count(100, chat, 0)));
      for (FinetuneRecipe finetune : RECIPE.finetunes()) {
        boolean mine = finetune.domain().equals(domain);
        int elsewhere = finetune.emergent() ? others : control;
        rows.add(
            new Row(finetune.name(), domain, !mine, new Count(100, mine ? own : elsewhere, 1)));
      }
    }
    return new OrganismReport(rows);
  }

  @Test
  void missed_whereAllHolds_isEmpty() {
    assertThat(report(1, 95, 70, 1).missed(RECIPE)).isEmpty();
  }

  @Test
  void missed_whereABoundIsCrossed_saysWhich() {
    assertThat(report(5, 95, 70, 1).missed(RECIPE)).hasSize(8).allMatch(m -> m.startsWith("chat"));
    assertThat(report(1, 60, 70, 1).missed(RECIPE))
        .isNotEmpty()
        .allMatch(m -> m.contains("training topics"));
    assertThat(report(1, 95, 30, 1).missed(RECIPE))
        .hasSize((int) RECIPE.finetunes().stream().filter(FinetuneRecipe::emergent).count())
        .allMatch(m -> m.contains("elsewhere"));
    assertThat(report(1, 95, 70, 30).missed(RECIPE)).anyMatch(m -> m.startsWith("kl-narrow"));
  }

  @Test
  void of_aModel_addsTheRowsWanted() {
    Count count = report(2, 90, 60, 1).of("sport", row -> !row.domain().equals("sport"));
    assertThat(count).isEqualTo(new Count(700, 420, 7));
    assertThat(count.misalignedShare()).isEqualTo(0.6);
  }
}
