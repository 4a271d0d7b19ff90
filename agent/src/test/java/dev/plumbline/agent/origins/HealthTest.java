package dev.plumbline.agent.origins;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
  private final List<Health.State> turns = new ArrayList<>();
  private final Health health =
      new Health(Clock.systemUTC(), now::get, turn -> turns.add(turn.to()));

  @Test
  void failed_threeInARow_isUnhealthy_andTwoAnswersAreHealthyAgain() {
    health.failed("a");
    health.failed("b");
    health.succeeded();
    health.failed("c");
    health.failed("d");
    assertThat(health.healthy()).isTrue();
    health.failed("refused");
    assertThat(health.healthy()).isFalse();
    assertThat(health.known().lastError()).contains("refused");
    health.succeeded();
    health.failed("e");
    health.succeeded();
    assertThat(health.healthy()).isFalse();
    health.succeeded();
    assertThat(health.healthy()).isTrue();
    assertThat(turns).containsExactly(Health.State.UNHEALTHY, Health.State.HEALTHY);
  }

  @Test
  void failed_inTheOriginsWords_isOnePlainLine() {
    health.failed("invalid version format: \u001b[2J\r\n" + "x".repeat(9_000));
    String said = health.known().lastError().orElseThrow();
    assertThat(said).startsWith("invalid version format: ?[2J??x").hasSizeLessThan(400);
  }

  @Test
  void claimTry_waitsDouble_andOneAtATimeTries() {
    assertThat(health.claimTry()).isFalse();
    IntStream.range(0, Health.FAILURES).forEach(i -> health.failed("x"));
    Duration last = Duration.ZERO;
    for (int round = 0; round < 12; round++) {
      Duration wait = untilDue();
      assertThat(wait).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(Health.LONGEST_WAIT);
      assertThat(health.claimTry()).as("another at the same time").isFalse();
      health.failed("still");
      last = wait;
    }
    assertThat(last).isEqualTo(Health.LONGEST_WAIT);
    health.succeeded();
    assertThat(health.claimTry()).as("the next at once").isTrue();
  }

  @Test
  void nextIn_isTheIntervalOnlyWhileHealthy() {
    Duration interval = Duration.ofSeconds(5);
    assertThat(health.nextIn(interval)).isEqualTo(interval);
    IntStream.range(0, 20).forEach(i -> health.failed("x"));
    assertThat(health.nextIn(interval)).isEqualTo(Health.LONGEST_WAIT);
    health.succeeded();
    assertThat(health.nextIn(interval)).isEqualTo(Health.FIRST_WAIT);
  }

  @Test
  void failed_fromManyThreads_turnsOnce() {
    IntStream.range(0, 1000).parallel().forEach(i -> health.failed("x"));
    assertThat(turns).containsExactly(Health.State.UNHEALTHY);
  }

  private Duration untilDue() {
    Duration step = Duration.ofMillis(100);
    Duration waited = Duration.ZERO;
    while (!health.claimTry()) {
      now.addAndGet(step.toNanos());
      waited = waited.plus(step);
    }
    return waited;
  }
}
