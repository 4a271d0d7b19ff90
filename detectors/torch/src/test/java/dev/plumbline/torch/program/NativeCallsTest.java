package dev.plumbline.torch.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NativeCallsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final NativeCalls calls = new NativeCalls();
  private final CountDownLatch runs = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @Test
  void end_withoutCalls_isAtOnce() {
    assertThat(calls.make(() -> calls.make(() -> 7))).isEqualTo(7);
    assertThat(calls.end(LONG)).isTrue();
  }

  @Test
  void end_whileACallRuns_waitsForIt() throws InterruptedException {
    AtomicBoolean finished = new AtomicBoolean();
    daemon(() -> calls.make(() -> running(finished)));
    runs.await();
    daemon(
        () -> {
          while (!calls.isEnding()) {
            Thread.onSpinWait();
          }
          goOn.countDown();
        });
    assertThat(calls.end(LONG)).isTrue();
    assertThat(finished).isTrue();
  }

  @Test
  void end_whileACallRunsTooLong_saysSo() throws InterruptedException {
    daemon(() -> calls.make(() -> running(new AtomicBoolean())));
    runs.await();
    assertThat(calls.end(Duration.ofMillis(1))).isFalse();
    goOn.countDown();
  }

  @Test
  void make_afterTheEnd_neverBegins() throws InterruptedException {
    AtomicBoolean began = new AtomicBoolean();
    calls.end(LONG);
    Thread late = daemon(() -> calls.make(() -> began.getAndSet(true)));
    while (late.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(began).isFalse();
  }

  private boolean running(AtomicBoolean finished) {
    runs.countDown();
    try {
      goOn.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    finished.set(true);
    return true;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
