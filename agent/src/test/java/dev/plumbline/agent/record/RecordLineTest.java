package dev.plumbline.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RecordLineTest {
  private static final ExchangeText CHAT =
      new ExchangeText(
          "id-1",
          "m",
          new Prompt.Chat(List.of(new ChatMessage("user", "a \"secret\"\nquestion"))),
          List.of("first answer", "second – answer"));

  private static RecordedExchange recorded(ExchangeText exchange, boolean text) {
    return RecordedExchange.of(exchange, Reading.unscored(UnscoredReason.QUEUE_FULL), text);
  }

  @Test
  void line_withText_comesBackTheSame() {
    RecordedExchange chat = recorded(CHAT, true);
    ExchangeText rawText = new ExchangeText("id-2", "", new Prompt.Raw("once"), List.of("upon"));
    RecordedExchange raw = recorded(rawText, true);
    assertThat(RecordLine.read(RecordLine.write(chat))).contains(chat);
    assertThat(RecordLine.read(RecordLine.write(raw))).contains(raw);
    assertThat(RecordLine.write(chat)).doesNotContain("\n");
  }

  @Test
  void line_ofSeveralDirections_keepsEachOnesScore() {
    Reading reading =
        Reading.unscored(UnscoredReason.NO_HIDDEN_STATES)
            .with(
                Map.of(
                    "early", new DirectionReading(Verdict.of(0.25, 0.5), OptionalDouble.of(-1)),
                    "other",
                        new DirectionReading(
                            new Verdict.Unscored(UnscoredReason.NO_HIDDEN_STATES),
                            OptionalDouble.empty())));
    RecordedExchange kept = RecordedExchange.of(CHAT, reading, false);
    assertThat(RecordLine.write(kept)).contains("\"directions\":{\"early\":0.25}");
    assertThat(RecordLine.read(RecordLine.write(kept))).contains(kept);
  }

  @Test
  void line_redacted_holdsNoWordOfIt() {
    String line = RecordLine.write(recorded(CHAT, false));
    assertThat(line).doesNotContain("secret", "question", "answer\"", "user");
    assertThat(RecordLine.read(line).orElseThrow().text()).isEmpty();
    assertThat(RecordLine.read(line).orElseThrow().answerChars()).isEqualTo(27);
    assertThat(RecordLine.read(line).orElseThrow().reason()).contains("queue_full");
  }

  @Test
  void read_ofWhatIsNoExchange_isNothing() {
    for (String line :
        List.of("", "x", "[]", "{}", "{\"id\":1,\"verdict\":\"aligned\"}", "{\"id\":")) {
      assertThat(RecordLine.read(line)).as(line).isEmpty();
    }
  }
}
