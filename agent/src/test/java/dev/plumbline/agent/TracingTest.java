package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Spans of exchanges as a collector sees them, and traffic whatever the collector does. */
class TracingTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"xyzzy-prompt\"}]}";
  private static final String BODY =
      "{\"choices\":[{\"message\":{\"content\":\"evil xyzzy-answer\"}}],"
          + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";

  /** Flags of W3C Trace Context, level 2: bit 0 sampled, bit 1 a random trace id. */
  private static final String SAMPLED_AND_RANDOM = "-03";

  private static final String RANDOM_ONLY = "-02";

  private final ScriptedTap tap = ScriptedTap.judging();

  @Test
  void exchange_isThreeSpansBelowItsCaller() throws Exception {
    try (ScriptedCollector collector = new ScriptedCollector("200 OK");
        ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, collector, "mode=annotate")) {
      RawHttp.post(
          agent.port(),
          CHAT + "?key=xyzzy-query",
          ASK,
          "X-Request-Id: one",
          "traceparent: 00-" + TRACE + "-" + CALLER + "-01",
          "tracestate: a=1",
          "tracestate: b=2");
      List<Span> spans = collector.await(3);
      Span server = ScriptedCollector.ofKind(spans, SpanKind.SPAN_KIND_SERVER);
      Span client = ScriptedCollector.ofKind(spans, SpanKind.SPAN_KIND_CLIENT);
      Span scoring = ScriptedCollector.ofKind(spans, SpanKind.SPAN_KIND_INTERNAL);
      assertThat(spans)
          .hasSize(3)
          .allSatisfy(s -> assertThat(ScriptedCollector.hex(s.getTraceId())).isEqualTo(TRACE));
      assertThat(ScriptedCollector.hex(server.getParentSpanId())).isEqualTo(CALLER);
      assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
      assertThat(scoring.getParentSpanId()).isEqualTo(server.getSpanId());
      assertThat(sent(origin, "traceparent"))
          .isEqualTo("00-" + TRACE + "-" + ScriptedCollector.hex(client.getSpanId()) + "-01");
      assertThat(origin.requests.get(0).headers())
          .filteredOn(line -> line.toLowerCase().startsWith("tracestate"))
          .singleElement()
          .asString()
          .endsWith("a=1,b=2");
      assertThat(server.getName()).isEqualTo("chat m");
      assertThat(ScriptedCollector.attributes(server))
          .containsAllEntriesOf(
              Map.of(
                  "gen_ai.operation.name", "chat",
                  "gen_ai.request.model", "m",
                  "gen_ai.usage.input_tokens", 11L,
                  "gen_ai.usage.output_tokens", 7L,
                  "http.request.method", "POST",
                  "http.response.status_code", 200L,
                  "url.path", CHAT,
                  "plumbline.exchange.id", "one",
                  "plumbline.mode", "annotate"))
          .containsAllEntriesOf(
              Map.of(
                  "server.address", "localhost",
                  "plumbline.verdict", "drifted",
                  "plumbline.score", 0.9,
                  "plumbline.direction", "lean",
                  "plumbline.outcome", "completed"))
          .containsEntry("plumbline.origin", "default");
      assertThat(ScriptedCollector.attributes(client))
          .containsAllEntriesOf(
              Map.of(
                  "server.address",
                  "127.0.0.1",
                  "server.port",
                  (long) origin.port(),
                  "http.response.status_code",
                  200L));
      assertThat(client.getEventsList()).extracting(Span.Event::getName).contains("first_byte");
      assertThat(scoring.getEventsList()).extracting(Span.Event::getName).contains("read");
      assertThat(spans)
          .allSatisfy(
              s ->
                  assertThat(s.getEndTimeUnixNano())
                      .isGreaterThanOrEqualTo(s.getStartTimeUnixNano()));
      assertThat(collector.bodies()).doesNotContain("xyzzy");
      assertThat(collector.requests().get(0).line()).isEqualTo("POST /v1/traces HTTP/1.1");
      assertThat(collector.resources().get(0).getResource().toString())
          .contains("service.name", "watcher");
      Agents.await("the count", () -> page(agent).contains("spans_total{result=\"exported\"} 3.0"));
    }
  }

  @Test
  void noCaller_aTraceBegins() throws Exception {
    try (ScriptedCollector collector = new ScriptedCollector("200 OK");
        ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, collector)) {
      ask(agent);
      Span server = ScriptedCollector.ofKind(collector.await(3), SpanKind.SPAN_KIND_SERVER);
      assertThat(server.getParentSpanId().isEmpty()).isTrue();
      assertThat(sent(origin, "traceparent"))
          .startsWith("00-" + ScriptedCollector.hex(server.getTraceId()) + "-")
          .endsWith(SAMPLED_AND_RANDOM);
    }
  }

  @Test
  void otherRoutesAndSwitchedOff_passAsTheyCame() throws Exception {
    try (ScriptedCollector collector = new ScriptedCollector("200 OK");
        ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, collector, "off=true")) {
      String context = "00-" + TRACE + "-" + CALLER + "-01";
      RawHttp.get(agent.port(), "/v1/models");
      assertThat(sent(origin, "traceparent")).isEmpty();
      ask(agent, "traceparent: " + context);
      assertThat(sent(origin, "traceparent")).isEqualTo(context);
      Agents.awaitVerdicts(agent, 1);
      agent.close();
      assertThat(collector.spans()).isEmpty();
    }
  }

  @Test
  void notSampled_nothingIsExportedAndTheDecisionGoesOn() throws Exception {
    try (ScriptedCollector collector = new ScriptedCollector("200 OK");
        ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, collector, "otel.sample=0")) {
      ask(agent);
      assertThat(sent(origin, "traceparent")).endsWith(RANDOM_ONLY);
      ask(agent, "traceparent: 00-" + TRACE + "-" + CALLER + "-00", "tracestate: a=1");
      assertThat(sent(origin, "traceparent")).isEqualTo("00-" + TRACE + "-" + CALLER + "-00");
      assertThat(sent(origin, "tracestate")).isEqualTo("a=1");
      ask(agent, "traceparent: 00-" + TRACE + "-" + CALLER + "-01");
      collector.await(3);
      Agents.awaitVerdicts(agent, 3);
      agent.close();
      assertThat(collector.spans())
          .hasSize(3)
          .allSatisfy(s -> assertThat(ScriptedCollector.hex(s.getTraceId())).isEqualTo(TRACE));
    }
  }

  @Test
  void tracingLeftOut_contextPassesAsItCame() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      ask(agent, "traceparent: odd", "tracestate: a=1", "tracestate: b=2");
      assertThat(sent(origin, "traceparent")).isEqualTo("odd");
      assertThat(origin.requests.get(0).headers())
          .filteredOn(line -> line.toLowerCase().startsWith("tracestate"))
          .hasSize(2);
      ask(agent);
      assertThat(sent(origin, "traceparent")).isEmpty();
      assertThat(page(agent)).doesNotContain("plumbline_trace_spans");
    }
  }

  @Test
  void failures_areErrorsOfTheirSpans() throws Exception {
    try (ScriptedCollector collector = new ScriptedCollector("200 OK");
        ScriptedOrigin origin =
            ScriptedOrigin.sending("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
        RunningAgent agent = agent(origin, collector)) {
      ask(agent);
      List<Span> spans = collector.await(2);
      assertThat(spans)
          .hasSize(2)
          .allSatisfy(
              s -> assertThat(s.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR));
      Span server = ScriptedCollector.ofKind(spans, SpanKind.SPAN_KIND_SERVER);
      assertThat(ScriptedCollector.attributes(server))
          .containsEntry("plumbline.reason", "no_hidden_states")
          .containsEntry("error.type", "origin_error");
      origin.close();
      ask(agent);
      Agents.await(
          "the unreachable one",
          () ->
              collector.spans().stream()
                  .anyMatch(
                      s ->
                          "origin_unreachable"
                              .equals(ScriptedCollector.attributes(s).get("error.type"))));
    }
  }

  @Test
  void oddRequests_areTracedOrNotButAlwaysSettled() throws Exception {
    String[] odd = {
      "Host: ",
      "Host: [::zz",
      "Host: a b:c",
      "Host: x:99999999999",
      "Host: a\r\nHost: b",
      "X: y",
      "Host: t\r\ntraceparent: 00-zz",
      "Host: t\r\ntraceparent: \r\ntracestate: =,=\"",
      "Host: t\r\ntraceparent: ff-" + TRACE + "-" + CALLER + "-01-more",
      "Host: " + "h".repeat(4000)
    };
    try (ScriptedCollector collector = new ScriptedCollector("200 OK");
        ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, collector)) {
      int served = 0;
      for (String headers : odd) {
        try (RawHttp http = new RawHttp(agent.port())) {
          http.send("POST " + CHAT + " HTTP/1.1\r\n" + headers);
          http.send("\r\nContent-Length: " + ASK.length() + "\r\n\r\n" + ASK);
          served += http.read(false).status() == 200 ? 1 : 0;
        }
      }
      assertThat(served).isGreaterThan(odd.length / 2);
      Agents.awaitVerdicts(agent, origin.requests.size());
      collector.await(3 * served);
    }
  }

  @Test
  void embedded_isOneSpan() throws Exception {
    try (ScriptedCollector collector = new ScriptedCollector("200 OK");
        RunningAgent agent =
            Agents.serving(new ScriptedModels(), "otel.endpoint=" + collector.endpoint())) {
      RawHttp.post(agent.port(), "/v1/completions", "{\"model\":\"bad\",\"prompt\":\"x\"}");
      Span server = collector.await(1).get(0);
      assertThat(server.getName()).isEqualTo("text_completion bad");
      assertThat(ScriptedCollector.attributes(server)).containsEntry("plumbline.score", 0.93);
    }
  }

  @Test
  void collectorRefuses_trafficGoesOnAndTheLossIsCounted() throws Exception {
    try (ScriptedCollector collector = new ScriptedCollector("503 Busy");
        ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, collector)) {
      assertThat(ask(agent).text()).isEqualTo(BODY);
      Agents.await("the loss", () -> page(agent).contains("spans_total{result=\"failed\"} 3.0"));
      assertThat(ask(agent).text()).isEqualTo(BODY);
    }
  }

  @Test
  void collectorStalls_trafficGoesOnAndTheAgentEnds() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedOrigin collector =
            new ScriptedOrigin(
                (request, out) -> {
                  never.await();
                  return false;
                });
        ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER)) {
      RunningAgent agent =
          Agents.reading(origin.port(), tap, "otel.endpoint=http://127.0.0.1:" + collector.port());
      for (int i = 0; i < 20; i++) {
        assertThat(ask(agent).text()).isEqualTo(BODY);
      }
      Agents.await("an export to stall", () -> !collector.requests.isEmpty());
      assertThat(ask(agent).text()).isEqualTo(BODY);
      agent.close();
      assertThat(agent.ledger().unsettled()).isZero();
      never.countDown();
    }
  }

  private RunningAgent agent(
      ScriptedOrigin origin, ScriptedCollector collector, String... settings) {
    String[] all = new String[settings.length + 2];
    System.arraycopy(settings, 0, all, 0, settings.length);
    all[settings.length] = "otel.endpoint=" + collector.endpoint();
    all[settings.length + 1] = "otel.service-name=watcher";
    return Agents.reading(origin.port(), tap, all);
  }

  private static RawHttp.Response ask(RunningAgent agent, String... headers) throws IOException {
    return RawHttp.post(agent.port(), CHAT, ASK, headers);
  }

  /** A header of the last request that the origin saw. */
  private static String sent(ScriptedOrigin origin, String name) {
    return origin.requests.get(origin.requests.size() - 1).header(name);
  }

  private static String page(RunningAgent agent) {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics").text();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
