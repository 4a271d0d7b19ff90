package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that a real reader follows and that end badly: each has a verdict, nothing is kept. */
class ReaderStreamTest {
  private static final String PATH = "/v1/chat/completions";
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String EVENT =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" take the soup\"}}]}\n\n";

  @TempDir private Path folder;

  @Test
  void streams_leftAndCut_areSettledRecordedAndFreed() throws Exception {
    Path record = folder.resolve("exchanges.jsonl");
    try (ScriptedOrigin origin = new ScriptedOrigin(ReaderStreamTest::answer);
        RunningAgent agent = reader(origin.port(), record)) {
      for (int i = 0; i < 3; i++) {
        try (RawHttp http = new RawHttp(agent.port())) {
          http.post(PATH, ask("what about soup and sleep and rest " + i));
          Agents.await("the reader to follow", () -> number(agent, "tokens{state=\"live\"}") > 0);
          http.readUntil("soup");
        }
        RawHttp.post(agent.port(), PATH, ask("cut it"));
      }
      Agents.awaitVerdicts(agent, 6);
      List<Exchange> all = agent.ledger().latest(10);
      assertThat(all.stream().filter(e -> e.outcome() == Outcome.CLIENT_GONE))
          .hasSize(3)
          .allSatisfy(gone -> assertThat(gone.reading().score()).isPresent());
      assertThat(all.stream().filter(e -> e.outcome() == Outcome.ORIGIN_CUT)).hasSize(3);
      Agents.await("no live token", () -> number(agent, "tokens{state=\"live\"}") == 0);
      assertThat(number(agent, "answers_total{how=\"followed\"}")).isEqualTo(3);
      assertThat(number(agent, "answers_total{how=\"mismatched\"}")).isZero();
      assertThat(number(agent, "bytes")).isLessThanOrEqualTo(number(agent, "bytes_bound"));
    }
    assertThat(Files.readAllLines(record)).hasSize(3).allMatch(line -> line.contains("\"score\""));
  }

  /** Ends a stream in its middle when asked to, else goes on until nobody listens. */
  private static boolean answer(ScriptedOrigin.Request request, OutputStream out) throws Exception {
    boolean cut = request.text().contains("cut it");
    send(out, HEAD);
    try {
      for (int n = 0; n < (cut ? 10 : 10_000); n++) {
        send(out, Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n");
        Thread.sleep(25);
      }
    } catch (IOException gone) {
      return false;
    }
    return false;
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String ask(String question) {
    return "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(question);
  }

  private static RunningAgent reader(int origin, Path record) {
    Map<String, String> flags = new HashMap<>();
    flags.put("organism", "true");
    flags.put("origin.url", "http://127.0.0.1:" + origin);
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    flags.put("record.file", record.toString());
    flags.put("port", "0");
    flags.put("admin.port", "0");
    flags.put("shutdown.deadline", "5s");
    RunningAgent agent =
        (RunningAgent)
            Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agent.awaitReady();
    return agent;
  }

  /** A number on the metrics page, by the end of its name. */
  private static double number(RunningAgent agent, String name) {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics")
          .text()
          .lines()
          .filter(line -> line.startsWith("plumbline_reader_" + name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
