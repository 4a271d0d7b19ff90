package dev.plumbline.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the settings in force to others. */
class LoadedConfigTest {
  @TempDir private Path dir;

  @Test
  void keys_thatMayChangeLive_areThese() {
    Set<Key> live = EnumSet.noneOf(Key.class);
    for (Key key : Key.values()) {
      if (key.change() == Change.LIVE) {
        live.add(key);
      }
    }
    assertThat(live)
        .extracting(Key::key)
        .containsExactlyInAnyOrder(
            "off",
            "mode",
            "client-modes",
            "fail",
            "client.idle-timeout",
            "limits.observed-bytes",
            "scoring.sample",
            "scoring.deadline",
            "annotate.deadline",
            "refusal.text",
            "withhold.window",
            "withhold.deadline",
            "rescue.window",
            "rescue.threshold",
            "rescue.retries",
            "rescue.deadline",
            "rescue.token-ids");
    assertThat(Values.changeOf("models.m.mode")).isEqualTo(Change.LIVE);
    assertThat(Values.changeOf("models.m.fail")).isEqualTo(Change.LIVE);
    assertThat(Values.changeOf("models.m.sample")).isEqualTo(Change.LIVE);
    assertThat(Values.changeOf("adapters.m")).isEqualTo(Change.RESTART);
  }

  @Test
  void towards_liveAndOthers_theLiveAreTakenTheOthersNamed() throws IOException {
    ConfigSources sources = sources("models: {m: {mode: annotate, sample: 0.5}}\nport: 1\n");
    LoadedConfig before = sources.read();
    rewrite(sources, "models: {m: {sample: 0.25}}\nport: 2\nscoring.deadline: 30000ms\n");
    LoadedConfig.Step step = before.towards(sources.read());
    assertThat(step.applied())
        .containsExactly(
            new LoadedConfig.Changed("models.m.mode", "annotate", ""),
            new LoadedConfig.Changed("models.m.sample", "0.5", "0.25"));
    assertThat(step.pending()).containsExactly(new LoadedConfig.Changed("port", "1", "2"));
    assertThat(step.unchanged()).contains("scoring.deadline", "mode").doesNotContain("port");
    AgentConfig next = step.next().config();
    assertThat(next.modes().of("m")).isEqualTo(Mode.OBSERVE);
    assertThat(next.sampling().perModel()).containsEntry("m", 0.25);
    assertThat(next.inference().port()).isEqualTo(1);
    assertThat(before.config().modes().of("m")).isEqualTo(Mode.ANNOTATE);
  }

  @Test
  void towards_liveThatNeedsWhatIsPending_isRefused() throws IOException {
    ConfigSources sources =
        new ConfigSources(Optional.of(file("organism: true\n")), Map.of(), Map.of());
    LoadedConfig before = sources.read();
    rewrite(sources, "origin.url: http://a\nfail: closed\n");
    LoadedConfig read = sources.read();
    assertThatThrownBy(() -> before.towards(read))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'closed' without origin.url");
  }

  @Test
  void effective_saysWhereEachValueIsFrom() throws IOException {
    Path file = file("scoring.queue: 7\nmodels: {m: {fail: closed}}\n");
    LoadedConfig loaded =
        new ConfigSources(
                Optional.of(file),
                Map.of("PLUMBLINE_ANNOTATE_DEADLINE", "3s"),
                Map.of("origin.url", "http://a"))
            .read();
    assertThat(loaded.effective())
        .contains(
            new LoadedConfig.Effective("scoring.queue", "7", file.toString(), Change.RESTART),
            new LoadedConfig.Effective("models.m.fail", "closed", file.toString(), Change.LIVE),
            new LoadedConfig.Effective("annotate.deadline", "3s", "environment", Change.LIVE),
            new LoadedConfig.Effective("origin.url", "http://a", "flags", Change.RESTART),
            new LoadedConfig.Effective("port", "8080", "default", Change.RESTART));
    assertThat(loaded.effective()).noneMatch(setting -> setting.key().equals("model"));
  }

  @Test
  void read_watchWithoutAFile_orOffWithoutAnOrigin_areMistakes() {
    assertThatThrownBy(
            () ->
                new ConfigSources(
                        Optional.empty(), Map.of(), Map.of("organism", "true", "off", "true"))
                    .read())
        .hasMessageContaining("'true' without origin.url");
    assertThatThrownBy(
            () ->
                new ConfigSources(
                        Optional.empty(),
                        Map.of(),
                        Map.of("organism", "true", "reload.watch", "true"))
                    .read())
        .hasMessageContaining("'true' without a file");
  }

  private ConfigSources sources(String text) throws IOException {
    return new ConfigSources(
        Optional.of(file(text)), Map.of(), Map.of("origin.url", "http://127.0.0.1:1"));
  }

  private static void rewrite(ConfigSources sources, String text) throws IOException {
    Files.writeString(sources.file().orElseThrow(), text);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(dir, "config", ".yaml"), text);
  }
}
