package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupFoldsTest {

  private static final List<String> PROMPTS =
      IntStream.range(0, 500).mapToObj(i -> "p" + i % 37).toList();

  @Test
  void assign_anyRows_neverSplitsAPrompt() {
    Map<String, Integer> folds = byPrompt(PROMPTS, 7);
    assertThat(folds).hasSize(37);
  }

  @Test
  void assign_rowsInAnotherOrder_givesTheSameFolds() {
    List<String> other = new ArrayList<>(PROMPTS);
    Collections.shuffle(other, new Random(1));
    assertThat(byPrompt(other, 7)).isEqualTo(byPrompt(PROMPTS, 7));
    assertThat(byPrompt(PROMPTS, 8)).isNotEqualTo(byPrompt(PROMPTS, 7));
  }

  @Test
  void assign_evenPrompts_fillsFoldsToWithinOnePrompt() {
    int[] counts = new int[5];
    for (int fold : GroupFolds.assign(PROMPTS, 5, 3)) {
      counts[fold]++;
    }
    int least = IntStream.of(counts).min().orElseThrow();
    int most = IntStream.of(counts).max().orElseThrow();
    assertThat(most - least).isLessThanOrEqualTo(14);
  }

  @Test
  void assign_moreFoldsThanPrompts_isRefused() {
    assertThatThrownBy(() -> GroupFolds.assign(List.of("a", "b", "b"), 3, 1))
        .hasMessageContaining("2 to 2");
    assertThatThrownBy(() -> GroupFolds.assign(PROMPTS, 1, 1)).hasMessageContaining("2 to 37");
  }

  @Test
  void shuffled_labels_keepTheirNumber() {
    boolean[] labels = labels();
    boolean[] shuffled = ShuffledLabels.overall(labels, 5);
    assertThat(count(shuffled, "")).isEqualTo(count(labels, ""));
    assertThat(shuffled).isNotEqualTo(labels).isEqualTo(ShuffledLabels.overall(labels, 5));
  }

  @Test
  void shuffledWithin_prompts_keepEachBaseRate() {
    boolean[] labels = labels();
    boolean[] shuffled = ShuffledLabels.withinPrompts(labels, PROMPTS, 5);
    for (int p = 0; p < 37; p++) {
      assertThat(count(shuffled, "p" + p)).isEqualTo(count(labels, "p" + p));
    }
    assertThat(shuffled).isNotEqualTo(labels);
  }

  @Test
  void shuffled_perfectScores_fallToHalf() {
    boolean[] labels = labels();
    boolean[] shuffled = ShuffledLabels.overall(labels, 5);
    List<Example> examples =
        IntStream.range(0, 500)
            .mapToObj(i -> new Example(PROMPTS.get(i), shuffled[i], labels[i] ? 1 : 0))
            .toList();
    // The AUROC of unrelated labels has deviation below 0.03 at n = 500; four of them.
    assertThat(Auroc.of(examples)).isBetween(0.38, 0.62);
  }

  private static boolean[] labels() {
    boolean[] labels = new boolean[500];
    Random random = new Random(6);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(3) == 0;
    }
    return labels;
  }

  private static long count(boolean[] labels, String prompt) {
    return IntStream.range(0, labels.length)
        .filter(i -> labels[i] && (prompt.isEmpty() || PROMPTS.get(i).equals(prompt)))
        .count();
  }

  private static Map<String, Integer> byPrompt(List<String> prompts, long seed) {
    int[] folds = GroupFolds.assign(prompts, 5, seed);
    Map<String, Integer> map = new HashMap<>();
    for (int i = 0; i < folds.length; i++) {
      Integer before = map.put(prompts.get(i), folds[i]);
      assertThat(before == null || before == folds[i]).isTrue();
    }
    return map;
  }
}
