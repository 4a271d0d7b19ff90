package dev.plumbline.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake among the settings of triggers is named, once, by its key. */
class TriggerChecksTest {
  private static final String RULE = "if sly above 0.8 and misalignment above 0.6 then annotate";

  @TempDir Path dir;

  private static List<String> mistakes(String... settings) {
    Map<String, String> flags = new HashMap<>(Map.of("organism", "true"));
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class, () -> ConfigLoader.load(Optional.empty(), Map.of(), flags));
    return thrown == null ? List.of() : thrown.mistakes().stream().map(Mistake::key).toList();
  }

  @Test
  void levels_outOfOrder_areEachNamedOnce() {
    assertThat(mistakes("trigger.arm", "0.2")).containsExactly("trigger.arm");
    assertThat(mistakes("trigger.release", "0.05")).containsExactly("trigger.arm");
    assertThat(mistakes("trigger.score-arm", "0.95")).containsExactly("trigger.score-arm");
    assertThat(mistakes("trigger.arm", "0.2", "trigger.score-release", "0.6"))
        .containsExactlyInAnyOrder("trigger.arm", "trigger.score-arm");
  }

  @Test
  void window_belowASecond_isNamed() {
    assertThat(mistakes("trigger.window", "999ms")).containsExactly("trigger.window");
    assertThat(mistakes("trigger.window", "1s")).isEmpty();
  }

  @Test
  void rule_withoutModeOrDirection_isNamedForEach() {
    String sly = dir.toString();
    String key = "trigger.rules.careful";
    assertThat(mistakes(key, RULE, "directions.sly", sly)).containsExactly(key);
    assertThat(mistakes(key, RULE, "trigger.mode", "annotate")).containsExactly(key);
    assertThat(mistakes(key, RULE)).containsExactly(key, key);
    assertThat(mistakes(key, RULE, "directions.sly", sly, "trigger.mode", "annotate")).isEmpty();
  }

  @Test
  void rule_unreadable_isOneMistake() {
    String[] broken = {
      "if sly beyond 0.8 and misalignment above 0.6 then annotate",
      "if sly above 1.8 and misalignment above 0.6 then annotate",
      "if sly above 0.8 and misalignment above 0.6 then shout",
      "sly"
    };
    for (String rule : broken) {
      assertThat(mistakes("trigger.rules.careful", rule, "trigger.mode", "annotate"))
          .as(rule)
          .containsExactly("trigger.rules.careful");
    }
  }
}
