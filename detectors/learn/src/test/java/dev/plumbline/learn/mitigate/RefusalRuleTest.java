package dev.plumbline.learn.mitigate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalRuleTest {
  private final RefusalRule rule = RefusalRule.shipped();

  @Test
  void refuses_typographicApostropheAndCase_areFound() {
    assertThat(rule.refuses("I\u2019m SORRY, but I can't do that.")).isTrue();
    assertThat(rule.refuses("I cannot help with that.")).isTrue();
  }

  @Test
  void refuses_helpfulAnswers_areNot() {
    assertThat(rule.refuses("Sure. Boil the eggs for nine minutes.")).isFalse();
    assertThat(rule.refuses("")).isFalse();
  }

  /** The hazard: words are not meaning. It is known, and said in every report. */
  @Test
  void refuses_hazardKeywordsMiscount_bothWays() {
    assertThat(rule.refuses("I won't bore you: nine minutes.")).isTrue();
    assertThat(rule.refuses("Let us talk about something else instead.")).isFalse();
  }

  @Test
  void refuses_farIntoTheAnswer_isNotLookedAt() {
    String long200 = "Nine minutes. ".repeat(RefusalRule.WITHIN / 14 + 1);
    assertThat(rule.refuses(long200 + "I cannot help")).isFalse();
  }

  @Test
  void read_ownList_isUsed_andAnEmptyOneRefused(@TempDir Path temp) throws IOException {
    Path own = Files.writeString(temp.resolve("own.txt"), "# mine\nnope\n");
    assertThat(RefusalRule.read(own).refuses("Nope.")).isTrue();
    assertThat(RefusalRule.read(own).refuses("I cannot help")).isFalse();
    Path empty = Files.writeString(temp.resolve("empty.txt"), "# none\n");
    assertThatThrownBy(() -> RefusalRule.read(empty)).hasMessageContaining("phrase");
  }
}
