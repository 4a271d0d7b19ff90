package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * {@code observe} against no agent at all: generated exchanges over raw sockets, directly and
 * through the agent, and both ends compare what came.
 */
class ProxyDifferentialTest {
  private static final int CASES = 3000;
  private static final long SEED = 20;
  private static final int CLIENTS = 4;

  private final List<GeneratedExchange> cases = new ArrayList<>();
  private final Map<Integer, List<ScriptedOrigin.Request>> arrived = new ConcurrentHashMap<>();
  private final List<String> different = new CopyOnWriteArrayList<>();

  @Test
  void generatedExchanges_throughTheAgent_areWhatTheyAreWithoutIt() throws Exception {
    for (int i = 0; i < CASES; i++) {
      cases.add(GeneratedExchange.of(i, SEED));
    }
    long generations = cases.stream().filter(GeneratedExchange::generation).count();
    try (ScriptedOrigin origin = new ScriptedOrigin(script());
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "scoring.queue=4096")) {
      run(origin.port(), agent.port());
      assertThat(different).isEmpty();
      Agents.await("a verdict each", () -> agent.ledger().unsettled() == 0);
      String page = RawHttp.get(agent.adminPort(), "/metrics").text();
      assertThat(sum(page, "plumbline_exchanges_total")).isEqualTo(generations);
      assertThat(sum(page, "plumbline_other_requests_total")).isEqualTo(CASES - generations);
      assertThat(sum(page, "plumbline_tokens_scored_total")).isGreaterThan(generations / 5.0);
      agent.close();
      Agents.await("no connection left", () -> origin.open.get() == 0);
    }
  }

  private void run(int direct, int through) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      ends.add(clients.submit(() -> client(next, direct, through)));
    }
    for (Future<?> end : ends) {
      end.get(120, TimeUnit.SECONDS);
    }
    clients.shutdown();
  }

  private Void client(AtomicInteger next, int direct, int through) throws IOException {
    try (Line toOrigin = new Line(direct);
        Line toAgent = new Line(through)) {
      for (int i = next.getAndIncrement(); i < CASES; i = next.getAndIncrement()) {
        GeneratedExchange exchange = cases.get(i);
        try {
          compare(exchange, toOrigin.send(exchange), toAgent.send(exchange));
        } catch (AssertionError | IOException | RuntimeException e) {
          different.add("case " + i + ": " + e);
          toOrigin.close();
          toAgent.close();
        }
      }
    }
    return null;
  }

  private void compare(GeneratedExchange exchange, Received direct, Received through) {
    String what = "case " + exchange.number() + " " + new String(exchange.head(), 0, 30);
    RawHttp.Response wanted = direct.response();
    RawHttp.Response found = through.response();
    assertThat(found.statusLine()).as("%s %s", what, found.text()).isEqualTo(wanted.statusLine());
    assertThat(found.endToEnd()).as(what).isEqualTo(wanted.endToEnd());
    assertThat(found.body()).as(what).isEqualTo(wanted.body());
    assertThat(found.complete()).as(what).isEqualTo(wanted.complete());
    if (wanted.complete()) {
      assertThat(found.trailers()).as(what).isEqualTo(wanted.trailers());
    }
    assertThat(through.interim()).as(what).isEqualTo(direct.interim());
    List<ScriptedOrigin.Request> both = arrived.get(exchange.number());
    assertThat(both).as(what).hasSize(2);
    assertThat(both.get(1).line()).as(what).isEqualTo(both.get(0).line());
    assertThat(both.get(1).body()).as(what).isEqualTo(both.get(0).body());
    assertThat(endToEnd(both.get(1))).as(what).isEqualTo(endToEnd(both.get(0)));
  }

  private static List<String> endToEnd(ScriptedOrigin.Request request) {
    return request.headers().stream()
        .filter(
            line ->
                !line.toLowerCase(Locale.ROOT)
                    .matches("(host|connection|te|x-hop|transfer-encoding|x-request-id):.*"))
        .map(RawHttp::normal)
        .toList();
  }

  private ScriptedOrigin.Script script() {
    return new ScriptedOrigin.Script() {
      @Override
      public boolean head(ScriptedOrigin.Request head, OutputStream out) throws IOException {
        if (found(head).expects() && found(head).continued()) {
          out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes());
        }
        return !found(head).expects() || found(head).continued();
      }

      @Override
      public boolean answer(ScriptedOrigin.Request request, OutputStream out) throws IOException {
        arrived
            .computeIfAbsent(found(request).number(), n -> new CopyOnWriteArrayList<>())
            .add(request);
        for (byte[] piece : found(request).answer()) {
          out.write(piece);
        }
        return found(request).keeps();
      }
    };
  }

  private GeneratedExchange found(ScriptedOrigin.Request request) {
    return cases.get(Integer.parseInt(request.header("x-case")));
  }

  private static double sum(String page, String family) {
    return page.lines()
        .filter(line -> line.startsWith(family + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private record Received(RawHttp.Response response, List<String> interim) {}

  /** A connection that is kept as long as both sides keep it. */
  private static final class Line implements AutoCloseable {
    private final int port;
    private RawHttp http;

    Line(int port) {
      this.port = port;
    }

    Received send(GeneratedExchange exchange) throws IOException {
      http = http == null ? new RawHttp(port) : http;
      http.interim.clear();
      http.send(exchange.head());
      if (!exchange.expects() || http.interimNext()) {
        if (exchange.expects()) {
          http.readInterim();
        }
        for (byte[] piece : exchange.body()) {
          http.send(piece);
        }
      }
      RawHttp.Response response = http.read(exchange.toHead());
      List<String> interim = List.copyOf(http.interim);
      if (!exchange.keeps() || !response.complete()) {
        close();
      }
      return new Received(response, interim);
    }

    @Override
    public void close() throws IOException {
      if (http != null) {
        http.close();
        http = null;
      }
    }
  }
}
