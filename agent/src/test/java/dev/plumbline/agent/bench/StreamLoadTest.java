package dev.plumbline.agent.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamLoadTest {
  @Test
  void run_againstTheOriginAlone_seesEveryStreamToItsEnd() {
    Vertx vertx = Vertx.vertx();
    try (StreamOrigin origin = StreamOrigin.ofClocks(vertx, 5, 2)) {
      Contender alone = new Contender("origin", origin.port(), Optional.empty());
      StreamLoad.Seen seen = new StreamLoad(vertx, "/v1/chat/completions", "{}").run(alone, 7);
      assertThat(seen.whole()).isEqualTo(7);
      assertThat(seen.firstMillis()).isPositive();
      assertThat(seen.wayMillis()).isPositive();
      assertThat(seen.residentMib()).isNaN();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void steady_againstTheOrigin_sendsAsManyAsAsked() {
    Vertx vertx = Vertx.vertx();
    try (StreamOrigin origin = StreamOrigin.ofClocks(vertx, 1, 1)) {
      Contender alone = new Contender("origin", origin.port(), Optional.empty());
      SteadyLoad.Seen seen = new SteadyLoad(vertx, "/", "{}").run(alone, 50, 1);
      assertThat(seen.sent()).isEqualTo(50);
      assertThat(seen.failed()).isZero();
      assertThat(seen.p50Millis()).isPositive();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
