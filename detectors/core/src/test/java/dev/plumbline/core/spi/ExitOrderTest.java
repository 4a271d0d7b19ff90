package dev.plumbline.core.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitOrderTest {
  private final List<String> done = new ArrayList<>();
  private final ExitOrder order = new ExitOrder();

  @Test
  void run_whatServesEndsBeforeWhatComputes_whoeverCameFirst() {
    order.computing(() -> done.add("engine"));
    order.serving(() -> done.add("agent"));
    order.serving(() -> done.add("demo"));
    order.run();
    assertThat(done).containsExactly("agent", "demo", "engine");
  }

  @Test
  void run_anActionThatThrows_keepsNoneFromItsTurn() throws InterruptedException {
    order.serving(
        () -> {
          throw new IllegalStateException("thrown on purpose");
        });
    order.computing(() -> done.add("engine"));
    Thread exit = new Thread(order::run);
    exit.setUncaughtExceptionHandler((thread, failure) -> done.add(failure.getMessage()));
    exit.start();
    exit.join();
    assertThat(done).containsExactly("thrown on purpose", "engine");
  }
}
