package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.ablation.AblatedRequest;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.wire.Route;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link AdapterServer} keeps, before a server that speaks as the real one does. */
abstract class AdapterServerContract {
  static final String PATH = "/adapters/lean";
  static final WantedAdapter WANTED = new WantedAdapter("lean-ablated", PATH);
  private static final String BODY = "{\"model\":\"base\",  \"messages\":[], \"temperature\":1.0}";

  FakeServer fake;
  Vertx vertx;
  private Asker asker;

  abstract FakeServer fake() throws IOException;

  abstract AdapterServer server(AdapterCalls calls);

  /** What a person must be told where the server was not started for this. */
  abstract String todo();

  /** Whether the server takes adapters while it runs. */
  boolean hot() {
    return true;
  }

  @BeforeEach
  void start() throws IOException {
    fake = fake();
    vertx = Vertx.vertx();
    asker = new Asker(vertx);
  }

  @AfterEach
  void stop() {
    fake.close();
    asker.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  AdapterServer server(Duration patience) {
    return server(new AdapterCalls(asker, fake.url(), patience));
  }

  AdapterServer server() {
    return server(Duration.ofSeconds(10));
  }

  @Test
  void load_ofAnAdapter_makesRequestsByTheVariantBeAblated() throws Exception {
    fake.has(PATH);
    Outcome.Ready ready = ready(server().load(WANTED));
    assertThat(fake.ablates(asked(ready.variant()), PATH)).isTrue();
    assertThat(fake.ablates(FakeServer.JSON.readTree(BODY), PATH)).isFalse();
    assertThat(ready.already()).isEqualTo(!hot());
  }

  @Test
  void load_twice_isThereAlready() {
    fake.has(PATH);
    AdapterServer server = server();
    Outcome.Ready first = ready(server.load(WANTED));
    Outcome.Ready second = ready(server.load(WANTED));
    assertThat(second.already()).isTrue();
    assertThat(second.variant()).isEqualTo(first.variant());
  }

  @Test
  void load_afterARestart_appliesItAgain() throws Exception {
    fake.has(PATH);
    AdapterServer server = server();
    ready(server.load(WANTED));
    fake.restart();
    Outcome.Ready again = ready(server.load(WANTED));
    assertThat(fake.ablates(asked(again.variant()), PATH)).isTrue();
  }

  @Test
  void unload_ofWhatIsNotThere_isGoneAlready() {
    assertThat(get(server().unload(WANTED))).isEqualTo(new Outcome.Gone(true));
  }

  @Test
  void unload_ofWhatIsThere_isGoneOrSaysThatItCannotBe() {
    fake.has(PATH);
    AdapterServer server = server();
    ready(server.load(WANTED));
    Outcome outcome = get(server.unload(WANTED));
    if (hot()) {
      assertThat(outcome).isEqualTo(new Outcome.Gone(false));
      assertThat(get(server.unload(WANTED))).isEqualTo(new Outcome.Gone(true));
    } else {
      assertThat(((Outcome.Refused) outcome).lasting()).isTrue();
    }
  }

  @Test
  void load_whereItIsNotEnabled_saysWhatToDo() {
    fake.enabled = false;
    Outcome.Refused refused = refused(server().load(WANTED));
    assertThat(refused.why()).contains("wanted").contains("found").contains(todo());
  }

  @Test
  void load_ofAServerThatHangs_isRefusedInTime() {
    fake.hanging = true;
    Outcome.Refused refused = refused(server(Duration.ofMillis(100)).load(WANTED));
    assertThat(refused.lasting()).isFalse();
    assertThat(refused.why()).contains("no answer in");
  }

  @Test
  void load_ofAServerThatIsDown_isRefusedForNow() {
    fake.close();
    assertThat(refused(server().load(WANTED)).lasting()).isFalse();
    assertThat(get(server().list())).isEqualTo(Served.NOTHING);
  }

  @Test
  void load_ofAServerThatTalksNonsense_isRefusedInOneShortLine() {
    for (String nonsense :
        new String[] {
          "[[[", "\u0000\n\n" + "x".repeat(9000), "{\"data\":7}", "y".repeat(2 << 20)
        }) {
      fake.garbage = nonsense;
      Outcome outcome = get(server().load(WANTED));
      if (outcome instanceof Outcome.Refused refused) {
        assertThat(refused.why()).hasSizeLessThan(800).doesNotContain("\n");
      } else {
        assertThat(get(server().list()).adapters()).isEmpty();
      }
    }
  }

  static com.fasterxml.jackson.databind.JsonNode asked(AblatedVariant variant) throws IOException {
    byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
    AblatedRequest request = AblatedRequest.of(variant, Route.CHAT_COMPLETIONS, body).orElseThrow();
    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .contains("\"messages\":[], \"temperature\":1.0}");
    return FakeServer.JSON.readTree(request.body());
  }

  static Outcome.Ready ready(Future<Outcome> outcome) {
    Outcome found = get(outcome);
    assertThat(found).isInstanceOf(Outcome.Ready.class);
    return (Outcome.Ready) found;
  }

  static Outcome.Refused refused(Future<Outcome> outcome) {
    Outcome found = get(outcome);
    assertThat(found).isInstanceOf(Outcome.Refused.class);
    return (Outcome.Refused) found;
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
