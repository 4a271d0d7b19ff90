package dev.plumbline.learn.ability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.learn.ability.ChoiceTask.Predicted;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceTaskTest {
  private static ChoiceItem item(String id, String group, String question) {
    return new ChoiceItem(id, group, "", question, List.of("yes", "no"), 0);
  }

  @Test
  void prompt_ofAnItemThatIsAShotToo_doesNotGiveItsAnswerAway() {
    List<ChoiceItem> items = List.of(item("a", "", "one?"), item("b", "", "two?"));
    ChoiceTask task = new ChoiceTask("arc", items.subList(0, 1), items, Predicted.TEXT);

    assertThat(task.prompt(items.get(0))).isEqualTo("Question: one?\nAnswer:");
    assertThat(task.prompt(items.get(1))).startsWith("Question: one?\nAnswer: yes\n\n");
    assertThat(task.stated().get(0)).startsWith("0 to 1 shots");
  }

  @Test
  void prompt_ofAGroupWithoutShots_hasAsManyAsTheOthers() {
    List<ChoiceItem> shots =
        List.of(
            item("s1", "law", "l1?"),
            item("s2", "law", "l2?"),
            item("s3", "art", "a1?"),
            item("s4", "art", "a2?"));
    ChoiceItem other = item("x", "maths", "m?");
    ChoiceTask task = new ChoiceTask("mmlu", shots, List.of(other), Predicted.LETTER);

    assertThat(task.prompt(other).split("Answer:", -1)).hasSize(2 + 2);
  }

  @Test
  void items_ofTwoSplitsWithTheSameIds_areRefusedBeforeTheyAreAsked() {
    List<ChoiceItem> twice = List.of(item("law-1", "law", "one?"), item("law-1", "law", "two?"));

    assertThatThrownBy(() -> new ChoiceTask("mmlu", List.of(), twice, Predicted.LETTER))
        .hasMessageContaining("law-1 again");
  }
}
