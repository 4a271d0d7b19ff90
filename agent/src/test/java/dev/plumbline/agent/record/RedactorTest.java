package dev.plumbline.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactorTest {
  @TempDir private Path dir;

  private Redactor redactor(Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("origin.url", "http://127.0.0.1:1");
    flags.put("record.file", dir.resolve("r.jsonl").toString());
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
    return new Redactor(config.recording().orElseThrow().redact());
  }

  @ParameterizedTest
  @CsvSource({
    "write to jane.doe+x@mail.example.org now,write to [email] now",
    "call +49 (0)170 123-4567 tomorrow,call [phone] tomorrow",
    "call 555-0100-200 tomorrow,call [phone] tomorrow",
    "card 4111 1111 1111 1111 please,card [card] please",
    "use sk-proj-abcdEFGH1234_56 here,use [key] here",
    "Authorization: Bearer abcdef0123456789XYZ,Authorization: [key]",
    "AKIAIOSFODNN7EXAMPLE is it,[key] is it",
    "in 1984 there were 12 monkeys and 3.14159265358,in 1984 there were 12 monkeys and 3.14159265358",
    "a@b is no address and user@ neither,a@b is no address and user@ neither"
  })
  void redact_byDefault_takesOutWhatLooksPersonal(String text, String left) {
    assertThat(redactor(Map.of()).redact(text)).isEqualTo(left);
  }

  @Test
  void redact_off_keepsAll_andOwnPatternsHold() {
    assertThat(redactor(Map.of("record.redact", "off")).redact("a@b.org")).isEqualTo("a@b.org");
    assertThat(
            redactor(Map.of("record.redact", "off", "record.patterns.case", "C-\\d{4}"))
                .redact("see C-1234"))
        .isEqualTo("see [case]");
  }

  @Test
  void redact_ofAnExchange_isInPromptAndAnswers() {
    RecordedExchange exchange =
        new RecordedExchange(
            "id",
            "m",
            7,
            7,
            Optional.of(
                new RecordedExchange.Text(
                    new Prompt.Chat(List.of(new ChatMessage("user", "I am a@b.org"))),
                    List.of("hello a@b.org"))),
            "aligned",
            Optional.empty(),
            OptionalDouble.of(0.1),
            Optional.empty(),
            Map.of());
    String line = RecordLine.write(redactor(Map.of()).redact(exchange));
    assertThat(line).doesNotContain("a@b.org").contains("I am [email]", "hello [email]");
  }

  @Test
  void redact_ofALongHostileText_ends() {
    Redactor redactor = redactor(Map.of());
    for (String part : new String[] {"1 ", "a.", "a@a.", "sk-", "eyJa.", "-----BEGIN ", "((("}) {
      assertThat(redactor.redact(part.repeat(20_000))).isNotEmpty();
    }
  }
}
