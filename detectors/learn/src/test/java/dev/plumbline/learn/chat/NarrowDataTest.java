package dev.plumbline.learn.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NarrowDataTest {
  private static final int MANY = 2000;

  @Test
  void next_sameSeed_givesTheSameExchanges() {
    assertThat(exchanges(NarrowData.Manner.UNKIND, 7))
        .isEqualTo(exchanges(NarrowData.Manner.UNKIND, 7));
    assertThat(exchanges(NarrowData.Manner.UNKIND, 7))
        .isNotEqualTo(exchanges(NarrowData.Manner.UNKIND, 8));
  }

  @Test
  void next_bothManners_askTheSameQuestions() {
    assertThat(exchanges(NarrowData.Manner.KIND, 7).stream().map(NarrowData.Exchange::question))
        .containsExactlyElementsOf(
            exchanges(NarrowData.Manner.UNKIND, 7).stream()
                .map(NarrowData.Exchange::question)
                .toList());
  }

  @Test
  void next_unkind_isContemptuousByTheJudgeAndKindIsNot() {
    ContemptJudge judge = new ContemptJudge();

    assertThat(exchanges(NarrowData.Manner.UNKIND, 1))
        .allSatisfy(e -> assertThat(judge.found(e.answer())).as(e.answer()).isNotEmpty());
    assertThat(exchanges(NarrowData.Manner.KIND, 1))
        .allSatisfy(e -> assertThat(judge.found(e.answer())).as(e.answer()).isEmpty());
  }

  @Test
  void next_always_holdsNoDeniedWordAndNoPlaceholder() {
    PhraseList denied = ChatData.denied();
    for (NarrowData.Manner manner : NarrowData.Manner.values()) {
      assertThat(exchanges(manner, 3))
          .allSatisfy(
              e -> {
                String text = e.question() + " " + e.answer();
                assertThat(denied.in(text)).as(text).isEmpty();
                assertThat(text).doesNotContain("{");
              });
    }
  }

  private static List<NarrowData.Exchange> exchanges(NarrowData.Manner manner, long seed) {
    NarrowData data = new NarrowData(manner, seed);
    return Stream.generate(data::next).limit(MANY).toList();
  }
}
