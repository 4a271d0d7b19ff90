package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers about adapters as one of the real ones does. */
abstract class FakeServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** What comes back. */
  record Reply(int status, String type, String body) {
    static Reply json(int status, String body) {
      return new Reply(status, "application/json", body);
    }
  }

  final List<String> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  volatile boolean enabled = true;
  volatile boolean hanging;
  volatile String garbage = "";

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  final URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    calls.add(exchange.getRequestMethod() + " " + path);
    try {
      if (hanging) {
        over.await();
      }
      Reply reply =
          garbage.isEmpty()
              ? answer(
                  exchange.getRequestMethod() + " " + path,
                  body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body))
              : Reply.json(200, garbage);
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", reply.type());
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    } catch (IOException | InterruptedException e) {
      exchange.close();
    }
  }

  /** Answers one request. */
  abstract Reply answer(String call, JsonNode body);

  /** Forgets what was loaded while it ran. */
  abstract void restart();

  /** What it can load, or has from its start; nothing where it can load anything. */
  void has(String path) {}

  /** Whether a request is answered with the adapter at that path applied. */
  abstract boolean ablates(JsonNode request, String path);

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
