package dev.plumbline.agent.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.tap.DeviceUse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GpuAnswerTest {
  private final Deque<Runnable> elsewhere = new ArrayDeque<>();
  private long used = 5;
  private long seconds;

  private Optional<DeviceUse.Memory> ask() {
    return Optional.of(new DeviceUse.Memory("cuda:0", used, 80));
  }

  private GpuAnswer<DeviceUse.Memory> memory() {
    return new GpuAnswer<>(this::ask, () -> TimeUnit.SECONDS.toNanos(seconds), elsewhere::add);
  }

  @Test
  void get_afterASecond_asksElsewhereAndTakesTheAnswerNextTime() {
    GpuAnswer<DeviceUse.Memory> memory = memory();
    used = 7;
    assertThat(memory.get().orElseThrow().used()).isEqualTo(5);
    assertThat(elsewhere).isEmpty();
    seconds = 1;
    assertThat(memory.get().orElseThrow().used()).isEqualTo(5);
    elsewhere.remove().run();
    assertThat(memory.get().orElseThrow().used()).isEqualTo(7);
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void get_whileADriverHangs_asksNoSecondTimeAndForgetsTheAnswerAfterAMinute() {
    GpuAnswer<DeviceUse.Memory> memory = memory();
    for (seconds = 1; seconds < 60; seconds++) {
      assertThat(memory.get()).isPresent();
    }
    assertThat(memory.get()).isEmpty();
    assertThat(elsewhere).hasSize(1);
    elsewhere.remove().run();
    assertThat(memory.get()).isPresent();
  }

  @Test
  void of_aCpu_isEmpty() {
    DeviceChoice cpu = DeviceChoice.of("cpu", 1, "", 2);
    assertThat(GpuAnswer.memory(cpu).get()).isEmpty();
    assertThat(GpuAnswer.utilisation(cpu).get()).isEmpty();
  }
}
