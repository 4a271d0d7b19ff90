package dev.plumbline.agent.origins;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Json;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Asks origins which models they serve, when one has answered for a name that nobody else has said:
 * {@code GET /v1/models}, else {@code POST /v2/repository/index} (Triton). At most twice a minute,
 * so that a client who makes up names does not make the agent a flood. Thread-safe.
 */
public final class OriginModels {
  private static final Asker.Limits LIMITS = new Asker.Limits(Duration.ofSeconds(5), 1 << 20);
  private static final Map<String, String> HEADERS = Map.of("plumbline-probe", "1");
  private static final long REST = TimeUnit.SECONDS.toNanos(30);

  private final Vertx vertx;
  private final Asker asker;
  private final OriginTable table;
  private final Consumer<String> names;
  private final BooleanSupplier off;
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  /**
   * @param names is told each name; many times
   * @param off whether the agent is switched off, and asks nothing
   */
  public OriginModels(
      Vertx vertx, Asker asker, OriginTable table, Consumer<String> names, BooleanSupplier off) {
    this.vertx = vertx;
    this.asker = asker;
    this.table = table;
    this.names = names;
    this.off = off;
  }

  /** Somebody would like to know; returns at once, any thread. */
  public void wanted() {
    long due = next.get();
    long now = System.nanoTime();
    if (now - due >= 0 && next.compareAndSet(due, now + REST) && !off.getAsBoolean()) {
      vertx.runOnContext(v -> table.all().forEach(this::ask));
    }
  }

  private void ask(OriginServer server) {
    if (asker.closed() || !server.health().healthy()) {
      return;
    }
    asker
        .get(server.settings().url(), "/v1/models", HEADERS, LIMITS)
        .onSuccess(
            said -> {
              if (said.good()) {
                admit(said, "data", "id");
              } else {
                index(server);
              }
            });
  }

  private void index(OriginServer server) {
    byte[] all = "{}".getBytes(StandardCharsets.UTF_8);
    asker
        .post(server.settings().url(), "/v2/repository/index", HEADERS, all, LIMITS)
        .onSuccess(
            said -> {
              if (said.good()) {
                admit(said, "", "name");
              }
            });
  }

  private void admit(Asker.Said said, String list, String name) {
    Json.look(said.body().getBytes())
        .map(root -> list.isEmpty() ? root : root.path(list))
        .filter(JsonNode::isArray)
        .ifPresent(found -> found.forEach(model -> names.accept(model.path(name).asText(""))));
  }
}
