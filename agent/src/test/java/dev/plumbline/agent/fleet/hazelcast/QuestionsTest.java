package dev.plumbline.agent.fleet.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Members with a script: what each answers, and when. */
class QuestionsTest {
  private final Questions<String> questions = new Questions<>(Duration.ofMillis(20));
  private final Map<String, CompletableFuture<String>> script = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  private Map<String, Questions.Outcome<String>> ask(String... members) throws Exception {
    asked.clear();
    return questions.ask(
        List.of(members),
        member -> {
          asked.add(member);
          return script.get(member);
        });
  }

  private void answers(String member, String word) {
    script.put(member, CompletableFuture.completedFuture(word));
  }

  @Test
  void late_costsItselfOnly() throws Exception {
    answers("a", "one");
    script.put("b", new CompletableFuture<>());
    answers("c", "three");
    var outcomes = ask("a", "b", "c");
    assertThat(outcomes).containsOnlyKeys("a", "c");
    assertThat(outcomes.get("c").answer()).contains("three");
  }

  @Test
  void late_isAskedNothingMore_untilItsQuestionEnds() throws Exception {
    CompletableFuture<String> slow = new CompletableFuture<>();
    answers("a", "one");
    script.put("b", slow);
    ask("a", "b");
    for (int i = 0; i < 5; i++) {
      assertThat(ask("a", "b")).containsOnlyKeys("a");
      assertThat(asked).as("one open question").containsExactly("a");
    }
    slow.complete("of the past");
    answers("b", "two");
    assertThat(ask("a", "b").get("b").answer()).contains("two");
  }

  @Test
  void late_whoLeftAndCameBack_isAskedAnew() throws Exception {
    script.put("b", new CompletableFuture<>());
    assertThat(ask("b")).isEmpty();
    assertThat(ask()).isEmpty();
    answers("b", "two");
    assertThat(ask("b").get("b").answer()).contains("two");
  }

  @Test
  void failure_andNothing_areToldApart() throws Exception {
    answers("empty", null);
    script.put("bad", CompletableFuture.failedFuture(new IllegalStateException("x")));
    var outcomes = ask("empty", "bad", "none");
    assertThat(outcomes.get("empty").answer()).isEmpty();
    assertThat(outcomes.get("empty").failure()).isEmpty();
    assertThat(outcomes.get("bad").failure().orElseThrow()).hasMessage("x");
    assertThat(outcomes.get("none").failure()).as("could not be asked").isPresent();
  }
}
