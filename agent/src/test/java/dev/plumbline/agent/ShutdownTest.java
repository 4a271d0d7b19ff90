package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The end: streams in flight finish, new requests are turned away, verdicts are given. */
class ShutdownTest {
  private static final String WAIT =
      "{\"model\":\"bad\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"WAIT\"}]}";

  private final ScriptedModels models = new ScriptedModels();

  @Test
  void close_streamInFlight_isFinished() throws Exception {
    RunningAgent agent = Agents.serving(models, "shutdown.deadline=20s");
    try (RawHttp http = new RawHttp(agent.port())) {
      http.post("/v1/chat/completions", WAIT);
      models.permits.release(1);
      http.readUntil("Hel");
      CompletableFuture<Void> closing = CompletableFuture.runAsync(agent::close);
      Agents.await("no new connections", () -> refused(agent.port()));
      models.permits.release(10);
      http.readUntil("data: [DONE]");
      closing.get(15, TimeUnit.SECONDS);
    }
    assertThat(agent.ledger().latest(1).get(0).reading().score()).isPresent();
    assertThat(agent.ledger().unsettled()).isZero();
  }

  @Test
  void close_streamBeyondTheDeadline_isCutAndSettled() throws Exception {
    RunningAgent agent = Agents.serving(models, "shutdown.deadline=200ms");
    try (RawHttp http = new RawHttp(agent.port())) {
      http.post("/v1/chat/completions", WAIT);
      models.permits.release(1);
      http.readUntil("Hel");
      agent.close();
      Assertions.assertThatThrownBy(() -> http.readUntil("data: [DONE]"))
          .isInstanceOf(IOException.class);
    }
    assertThat(models.cancelled.get()).isEqualTo(1);
    assertThat(agent.ledger().unsettled()).isZero();
  }

  @Test
  void close_twice_isOnce() throws InterruptedException {
    RunningAgent agent = Agents.serving(models);
    agent.close();
    agent.close();
    agent.awaitStop();
    assertThat(refused(agent.port())).isTrue();
  }

  /** Refused, or reset by a port that was closed while it was asked. */
  private static boolean refused(int port) {
    try (RawHttp http = new RawHttp(port)) {
      return false;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
