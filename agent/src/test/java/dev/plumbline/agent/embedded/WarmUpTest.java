package dev.plumbline.agent.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.tap.FollowUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the engine has run before anybody is served. */
class WarmUpTest {
  private static final AgentConfig READER =
      ConfigLoader.load(
          Optional.empty(),
          Map.of(),
          Map.of("organism", "true", "origin.url", "http://127.0.0.1:9", "port", "0"));

  @Test
  void open_aReader_hasReadAloneTogetherAndFollowedAndKeepsNothing() {
    List<String> passes = new CopyOnWriteArrayList<>();
    Engines engines =
        FaultyReader.engines(
            (rows, columns) -> {
              passes.add((rows > 1 ? "together " : "alone ") + (columns > 100));
              return 0;
            });
    try (Engines.Loaded loaded = engines.open(READER)) {
      assertThat(passes).contains("alone false", "alone true", "together true", "together false");
      FollowUse use = loaded.tap().orElseThrow().followUse();
      while (use.keptTokens() > 0) {
        Thread.onSpinWait();
        use = loaded.tap().orElseThrow().followUse();
      }
      assertThat(use.hits()).isZero();
      assertThat(use.evictions()).isZero();
      assertThat(use.lapses()).isZero();
      assertThat(loaded.device().get().passes()).isGreaterThanOrEqualTo(8);
    }
  }
}
