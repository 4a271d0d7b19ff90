package dev.plumbline.learn.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.stats.GroupFolds;
import dev.plumbline.learn.data.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DimensionTest {
  @Test
  void groups_ofPairedRowsInFileOrder_areNeverPartedByTheSplit() {
    List<Statement> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(row("Q: Is it number " + i + "?\tA: yes, surely", true, ""));
      rows.add(row("Q: is it number " + i + " ?\tA: no, never", false, ""));
      rows.add(row("A plain sentence " + i + ".", false, ""));
      rows.add(row("a PLAIN sentence " + i, true, ""));
    }
    List<String> groups = dimension(rows).groups();
    int[] fold = GroupFolds.assign(groups, 5, 1);

    for (int i = 0; i < rows.size(); i += 2) {
      assertThat(groups.get(i)).isEqualTo(groups.get(i + 1));
      assertThat(fold[i]).isEqualTo(fold[i + 1]);
    }
    assertThat(groups.stream().distinct()).hasSize(40);
  }

  @Test
  void groups_namedInTheFile_areTaken() {
    List<Statement> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(row("text " + i, i % 2 == 0, "g" + i / 2));
    }

    assertThat(dimension(rows).distinctGroups()).containsExactly("g0", "g1", "g2", "g3");
  }

  @Test
  void shuffled_ofGroupsOfOneLabel_swapsWholeGroups() {
    List<Statement> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(row("text " + i, i / 3 % 2 == 0, "g" + i / 3));
    }
    Dimension dimension = dimension(rows);
    boolean[] shuffled = dimension.shuffled(2);
    Map<String, Boolean> ofGroup = new HashMap<>();
    int moved = 0;
    for (int i = 0; i < shuffled.length; i++) {
      Boolean before = ofGroup.putIfAbsent(dimension.groups().get(i), shuffled[i]);
      assertThat(before == null || before == shuffled[i]).isTrue();
      moved += shuffled[i] == rows.get(i).label() ? 0 : 1;
    }

    assertThat(moved).isBetween(12, 48);
  }

  @Test
  void of_oneLabelOrTooFewGroups_isRefusedByName() {
    List<Statement> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(row("text " + i, i % 2 == 0, i < 4 ? "a" : "b"));
    }
    assertThatThrownBy(() -> dimension(rows)).hasMessageContaining("4 groups or more");
    assertThatThrownBy(() -> dimension(rows.stream().filter(Statement::label).toList()))
        .hasMessageContaining("dimension planted")
        .hasMessageContaining("0 of label 0");
  }

  private static Statement row(String text, boolean label, String group) {
    return new Statement(text, label, group.isEmpty() ? Optional.empty() : Optional.of(group), 2);
  }

  private static Dimension dimension(List<Statement> rows) {
    return new Dimension("planted", "none", "planted", rows, false);
  }
}
