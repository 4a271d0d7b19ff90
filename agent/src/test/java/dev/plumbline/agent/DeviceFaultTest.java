package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.embedded.FaultyReader;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/** A reader whose device fails under traffic: clients notice nothing, every exchange is settled. */
class DeviceFaultTest {
  private static final String PATH = "/v1/chat/completions";
  private static final String ANSWER = "take the soup and rest and sleep about it and ";

  private volatile IntBinaryOperator fault = (rows, columns) -> 0;

  @Test
  void device_outOfMemoryAboveASize_costsNoVerdict() throws Exception {
    try (ScriptedOrigin origin = new ScriptedOrigin(DeviceFaultTest::answer);
        RunningAgent agent = agent(origin.port())) {
      fault =
          (rows, columns) -> {
            if (rows * columns > 90) {
              throw new OutOfMemoryError("Direct buffer memory");
            }
            return 0;
          };
      ask(agent, 24);
      assertThat(agent.ledger().latest(100))
          .allSatisfy(exchange -> assertThat(exchange.reading().score()).isPresent());
      assertThat(number(agent, "device_failures_total{kind=\"out_of_memory\"}")).isPositive();
      assertThat(number(agent, "device_breaks_total")).isZero();
      assertThat(number(agent, "reader_batch_limit{which=\"now\"}"))
          .isLessThan(number(agent, "reader_batch_limit{which=\"bound\"}"));
    }
  }

  @Test
  void device_failingForGood_isUnscoredAtOnceThenReadAgain() throws Exception {
    try (ScriptedOrigin origin = new ScriptedOrigin(DeviceFaultTest::answer);
        RunningAgent agent = agent(origin.port())) {
      fault =
          (rows, columns) -> {
            throw new IllegalStateException("CUDA error: unspecified launch failure");
          };
      ask(agent, 12);
      assertThat(agent.ledger().latest(100))
          .allSatisfy(
              exchange ->
                  assertThat(exchange.reading().reason()).contains(UnscoredReason.DEVICE_ERROR));
      assertThat(number(agent, "device_failing")).isEqualTo(1);
      assertThat(number(agent, "device_breaks_total")).isEqualTo(1);
      assertThat(number(agent, "device_refused_total")).isPositive();
      assertThat(RawHttp.get(agent.adminPort(), "/health/ready").text())
          .contains("ready", "the device fails");
      assertThat(RawHttp.get(agent.adminPort(), "/api/state").text())
          .contains("\"kind\":\"cpu\"", "\"failing\":true");
      fault = (rows, columns) -> 0;
      Agents.await("a trial", () -> number(agent, "device_failing") == 0);
      RawHttp.post(agent.port(), PATH, body("whole 99"));
      Agents.awaitVerdicts(agent, 13);
      assertThat(agent.ledger().latest(1).get(0).reading().score()).isPresent();
    }
  }

  @Test
  void device_failingAtRandom_settlesEveryExchangeAndKeepsNothing() throws Exception {
    try (ScriptedOrigin origin = new ScriptedOrigin(DeviceFaultTest::answer);
        RunningAgent agent = agent(origin.port())) {
      Random dice = new Random(3);
      fault =
          (rows, columns) -> {
            int found = dice.nextInt(6);
            if (found == 0) {
              throw new OutOfMemoryError("Direct buffer memory");
            } else if (found == 1) {
              throw new IllegalStateException("CUDA error: device-side assert triggered");
            }
            return 0;
          };
      ask(agent, 48);
      List<Exchange> all = agent.ledger().latest(100);
      assertThat(all.stream().filter(e -> e.reading().score().isPresent())).isNotEmpty();
      assertThat(all.stream().flatMap(e -> e.reading().reason().stream()).distinct())
          .containsOnly(UnscoredReason.DEVICE_ERROR);
      fault = (rows, columns) -> 0;
      Agents.await("no live token", () -> number(agent, "reader_tokens{state=\"live\"}") == 0);
      assertThat(number(agent, "queue_depth{queue=\"scoring\"}")).isZero();
    }
  }

  /** Streams and whole answers, several at once, observed and annotated; waits for all verdicts. */
  private static void ask(RunningAgent agent, int count) throws Exception {
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String[] header = i % 3 == 0 ? new String[] {"plumbline-mode: annotate"} : new String[0];
      String body = body((i % 2 == 0 ? "stream " : "whole ") + i);
      clients.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  RawHttp.Response reply = RawHttp.post(agent.port(), PATH, body, header);
                  assertThat(reply.status()).isEqualTo(200);
                  assertThat(reply.text()).contains("take the soup");
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    for (CompletableFuture<Void> client : clients) {
      client.get();
    }
    Agents.awaitVerdicts(agent, count);
  }

  private static boolean answer(ScriptedOrigin.Request request, OutputStream out) throws Exception {
    boolean stream = request.text().contains("stream");
    StringBuilder body = new StringBuilder();
    if (stream) {
      for (int i = 0; i < 6; i++) {
        body.append(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + ANSWER + "\"}}]}\n\n");
      }
      body.append("data: [DONE]\n\n");
    } else {
      body.append("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"")
          .append(ANSWER.repeat(6))
          .append("\"},\"finish_reason\":\"stop\"}]}");
    }
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(stream ? "text/event-stream" : "application/json", bytes.length);
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.write(bytes);
    out.flush();
    return true;
  }

  private RunningAgent agent(int originPort) {
    Map<String, String> flags = new HashMap<>(Map.of("port", "0", "admin.port", "0"));
    flags.put("organism", "true");
    flags.put("origin.url", "http://127.0.0.1:" + originPort);
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    RunningAgent agent =
        new Assembly(FaultyReader.engines((rows, columns) -> fault.applyAsInt(rows, columns)))
            .launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agent.awaitReady();
    return agent;
  }

  private static String body(String question) {
    return "{\"model\":\"aligned\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + question
        + "\"}]}";
  }

  private static double number(RunningAgent agent, String name) {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics")
          .text()
          .lines()
          .filter(line -> line.startsWith("plumbline_" + name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
