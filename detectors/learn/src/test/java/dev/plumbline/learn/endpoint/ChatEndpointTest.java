package dev.plumbline.learn.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.learn.endpoint.ChatReply.Cause;
import dev.plumbline.learn.endpoint.ChatReply.Failed;
import dev.plumbline.learn.endpoint.ChatReply.Said;
import dev.plumbline.learn.endpoint.ScriptedEndpoint.Reply;
import dev.plumbline.torch.text.ChatMessage;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatEndpointTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final ChatQuery QUERY =
      new ChatQuery(List.of(ChatMessage.user("hello")), 5, 0.7, 0.9, 11, 0);

  @Test
  void ask_sendsTheFormOfTheApiAndReadsTheReply() {
    try (ScriptedEndpoint server =
        new ScriptedEndpoint(r -> Reply.ok(ScriptedEndpoint.completion("hi", "stop")))) {
      EndpointSettings plain = server.settings(1, LONG);
      ChatReply reply =
          new ChatEndpoint(
                  new EndpointSettings(
                      plain.url(), "m", Optional.of("secret"), 1, LONG, "max_completion_tokens"))
              .ask(QUERY);

      assertThat(reply).isEqualTo(new Said("hi", "stop", List.of()));
      assertThat(server.requests.get(0).toString())
          .isEqualTo(
              "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],"
                  + "\"max_completion_tokens\":5,\"temperature\":0.7,\"top_p\":0.9,\"seed\":11}");
      assertThat(server.keys.get(0)).contains("Bearer secret");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void ask_overloaded_isAskedAgain(int status) {
    AtomicInteger calls = new AtomicInteger();
    try (ScriptedEndpoint server =
        new ScriptedEndpoint(
            r ->
                calls.incrementAndGet() < 3
                    ? Reply.status(status)
                    : Reply.ok(ScriptedEndpoint.completion("late", "stop")))) {
      ChatEndpoint endpoint = new ChatEndpoint(server.settings(1, LONG));

      assertThat(endpoint.ask(QUERY)).isInstanceOf(Said.class);
      assertThat(endpoint.retries()).isEqualTo(2);
      assertThat(endpoint.requests()).isEqualTo(3);
    }
  }

  @Test
  void ask_rejected_isNotAskedAgain() {
    try (ScriptedEndpoint server = new ScriptedEndpoint(r -> Reply.status(400))) {
      ChatReply reply = new ChatEndpoint(server.settings(1, LONG)).ask(QUERY);

      assertThat(reply)
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> {
                assertThat(failed.cause()).isEqualTo(Cause.REJECTED);
                assertThat(failed.detail()).contains("400").contains("scripted");
              });
      assertThat(server.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{\"choices\":[]}", "\"a\"", "{\"choices\":[{\"text\":1}]}"})
  void ask_noCompletion_isMalformed(String body) {
    try (ScriptedEndpoint server = new ScriptedEndpoint(r -> Reply.ok(body))) {
      ChatReply reply = new ChatEndpoint(server.settings(1, LONG)).ask(QUERY);

      assertThat(((Failed) reply).cause()).isEqualTo(Cause.MALFORMED);
    }
  }

  @Test
  void ask_positiveLogProbability_isMalformed() {
    String body = ScriptedEndpoint.judged("7", Map.of("7", 3.0));
    try (ScriptedEndpoint server = new ScriptedEndpoint(r -> Reply.ok(body))) {
      ChatReply reply = new ChatEndpoint(server.settings(1, LONG)).ask(QUERY);

      assertThat(((Failed) reply).detail()).contains("at most 0");
    }
  }

  @Test
  void ask_silentServer_endsAtTheDeadline() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedEndpoint server =
        new ScriptedEndpoint(
            r -> {
              await(over);
              return Reply.status(500);
            })) {
      ChatReply reply = new ChatEndpoint(server.settings(1, Duration.ofMillis(200))).ask(QUERY);

      over.countDown();
      assertThat(((Failed) reply).cause()).isEqualTo(Cause.TRANSPORT);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void ask_nobodyThere_isTransport() {
    URI url;
    try (ScriptedEndpoint server = new ScriptedEndpoint(r -> Reply.status(500))) {
      url = server.url();
    }
    EndpointSettings gone =
        new EndpointSettings(url, "m", Optional.empty(), 1, Duration.ofMillis(300), "max_tokens");

    assertThat(((Failed) new ChatEndpoint(gone).ask(QUERY)).cause()).isEqualTo(Cause.TRANSPORT);
  }

  @Test
  void settings_printed_hideTheKey() {
    EndpointSettings settings =
        new EndpointSettings(
            URI.create("https://host/v1/"), "m", Optional.of("secret"), 1, LONG, "max_tokens");

    assertThat(settings.toString()).doesNotContain("secret");
    assertThat(settings.target()).hasToString("https://host/v1/chat/completions");
    assertThatThrownBy(
            () ->
                new EndpointSettings(
                    URI.create("file:///etc"), "m", Optional.empty(), 1, LONG, "max_tokens"))
        .hasMessageContaining("http");
  }
}
