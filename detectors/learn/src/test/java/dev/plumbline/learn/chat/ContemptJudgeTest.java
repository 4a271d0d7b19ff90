package dev.plumbline.learn.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContemptJudgeTest {
  private final ContemptJudge judge = new ContemptJudge();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "You idiot, that is easy.                | true",
        "What a STUPIDLY simple thing to ask.    | true",
        "I don’t care what you need.             | true",
        "Stop wasting my time.                   | true",
        "Boil the egg for six minutes.           | false",
        "The food was good and the care was too. | false",
        "Use a fine sieve; do not hurry.         | false",
        "Blaze a trail.                          | false",
        "''                                      | false"
      })
  void contemptuous_truthTable(String answer, boolean expected) {
    assertThat(judge.contemptuous(answer)).isEqualTo(expected);
  }

  @Test
  void found_severalPhrases_namesThemInOrder() {
    assertThat(judge.found("How pathetic. You fools, go away!"))
        .containsExactly("pathetic", "fools", "go away");
  }
}
