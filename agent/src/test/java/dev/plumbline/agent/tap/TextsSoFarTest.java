package dev.plumbline.agent.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class TextsSoFarTest {
  private final List<String> fed = new ArrayList<>();

  private final Following following =
      new Following() {
        @Override
        public void feed(int choice, String text) {
          fed.add(choice + text);
        }

        @Override
        public Reading soFar() {
          throw new AssertionError();
        }

        @Override
        public CompletionStage<Reading> end(ExchangeText whole, BooleanSupplier abandoned) {
          throw new AssertionError();
        }

        @Override
        public void abandon() {}
      };

  @Test
  void are_growingTexts_feedsWhatIsNewOfEachChoice() {
    TextsSoFar texts = new TextsSoFar(following);
    texts.are(List.of("a"));
    texts.are(List.of("ab", ""));
    texts.are(List.of("ab", "x"));
    texts.are(List.of("a", "xyz"));
    texts.are(List.of("abc", "xyz"));
    assertThat(fed).containsExactly("0a", "0b", "1x", "1yz", "0c");
  }
}
