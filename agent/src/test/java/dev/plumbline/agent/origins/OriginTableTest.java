package dev.plumbline.agent.origins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.Origins;
import dev.plumbline.agent.config.SecuritySettings;
import dev.plumbline.agent.metrics.Meters;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OriginTableTest {
  private final Meters meters = new Meters();
  private final AtomicLong now = new AtomicLong();

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void of_theClosestClaimWins_andTheDefaultTakesTheRest() {
    OriginTable table =
        table(
            named("rest"),
            named("all", "org/*"),
            named("big", "org/big-*", "x"),
            named("one", "org/big-1"));
    assertThat(table.of("org/big-1").servers()).hasToString("[one]");
    assertThat(table.of("org/big-2").servers()).hasToString("[big]");
    assertThat(table.of("org/a").servers()).hasToString("[all]");
    assertThat(table.of("x").servers()).hasToString("[big]");
    assertThat(table.of("xy").servers()).hasToString("[rest]");
    assertThat(table.of("").servers()).hasToString("[rest]");
  }

  @Test
  void pick_takesTurns_thenTheIdlest() {
    OriginTable table = table(named("a", "*"), named("b", "*"), named("c", "*"));
    List<String> picked = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      picked.add(table.fallback().pick().name());
    }
    assertThat(picked).containsExactly("a", "b", "c", "a", "b", "c");
    table.all().get(0).began();
    table.all().get(2).began();
    assertThat(table.of("m").pick().name()).isEqualTo("b");
  }

  @Test
  void pick_unhealthy_isPassedOver_andTriedWhenItsWaitIsOver() {
    OriginTable table = table(named("a", "*"), named("b", "*"));
    OriginServer a = table.all().get(0);
    fail(a);
    for (int i = 0; i < 4; i++) {
      assertThat(table.fallback().pick().name()).isEqualTo("b");
    }
    assertThat(table.fallback().other(table.all().get(1))).as("no healthy other").isEmpty();
    now.addAndGet(Health.LONGEST_WAIT.toNanos());
    assertThat(table.fallback().pick().name()).isEqualTo("a");
    assertThat(table.fallback().pick().name()).isEqualTo("b");
  }

  @Test
  void pick_noneHealthy_triesAllTheSame() {
    OriginTable table = table(named("a", "*"), named("b", "*"));
    table.all().forEach(OriginTableTest::fail);
    assertThat(List.of(table.fallback().pick().name(), table.fallback().pick().name()))
        .containsExactlyInAnyOrder("a", "b");
    OriginTable sole = table(named("sole"));
    fail(sole.all().get(0));
    assertThat(sole.fallback().pick().name()).isEqualTo("sole");
  }

  @Test
  void answered_onlyWhatASickServerSays_isAFailure() {
    OriginServer server = table(named("s")).all().get(0);
    for (int status : new int[] {500, 429, 404, 200}) {
      for (int i = 0; i < 5; i++) {
        server.answered(status);
      }
      assertThat(server.health().healthy()).as("%d", status).isTrue();
    }
    for (int status : new int[] {502, 503, 504}) {
      server.answered(status);
    }
    assertThat(server.health().healthy()).isFalse();
  }

  private static void fail(OriginServer server) {
    for (int i = 0; i < Health.FAILURES; i++) {
      server.health().failed("x");
    }
  }

  private OriginTable table(Origins.Named... all) {
    Origins origins = new Origins(List.of(all), Optional.empty(), Duration.ofSeconds(5));
    return new OriginTable(origins, meters, Clock.systemUTC(), now::get);
  }

  private static Origins.Named named(String name, String... models) {
    Duration second = Duration.ofSeconds(1);
    AgentConfig.Origin settings =
        new AgentConfig.Origin(
            URI.create("http://" + name),
            URI.create("http://" + name),
            second,
            second,
            second,
            8,
            8,
            SecuritySettings.OriginTls.STANDARD);
    return new Origins.Named(name, settings, List.of(models));
  }
}
