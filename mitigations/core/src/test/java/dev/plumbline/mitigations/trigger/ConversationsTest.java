package dev.plumbline.mitigations.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConversationsTest {
  private static final Instant T = Instant.EPOCH;
  private final Conversations all =
      new Conversations(new Levels(0.4, 0.7, 0.2, Duration.ZERO, Duration.ZERO), 2);

  @Test
  void observe_oneOfTwo_doesNotTouchTheOther() {
    all.observe("a", new Evidence.Level(0.9), T);
    all.observe("b", new Evidence.Level(0.1), T);
    assertThat(all.state("a")).contains(TriggerState.ACTIVE);
    assertThat(all.state("b")).contains(TriggerState.OFF);
  }

  @Test
  void observe_overTheBound_forgetsTheLeastRecentlySeenAndCounts() {
    all.observe("a", new Evidence.Level(0.9), T);
    all.observe("b", new Evidence.Level(0.1), T);
    all.observe("c", new Evidence.Level(0.1), T);
    assertThat(all.state("a")).isEmpty();
    assertThat(all.size()).isEqualTo(2);
    assertThat(all.evicted()).isEqualTo(1);
    assertThat(all.evictedActive()).isEqualTo(1);
  }

  @Test
  void follows_nextTurn_carriesTheState() {
    all.ruled("a", "withhold", T);
    all.follows("a", "b");
    assertThat(all.state("b")).contains(TriggerState.ACTIVE);
    assertThat(all.ruledBy("b")).contains("withhold");
  }

  @Test
  void observe_released_forgetsTheRule() {
    all.ruled("a", "withhold", T);
    all.observe("a", new Evidence.Level(0), T);
    assertThat(all.ruledBy("a")).isEmpty();
  }
}
