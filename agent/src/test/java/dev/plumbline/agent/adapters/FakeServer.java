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
public abstract class FakeServer implements AutoCloseable {
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

  /** Bodies of the requests for an answer, as they came. */
  public final List<String> chats = new CopyOnWriteArrayList<>();

  /** Whether the adapter at that path does what it is for. */
  public volatile boolean effective = true;

  /** Where the adapter comes from. */
  public volatile String adapter = "/adapters/lean";

  public volatile boolean enabled = true;
  volatile boolean hanging;
  volatile String garbage = "";

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** What it was asked, in order. */
  public final List<String> calls() {
    return List.copyOf(calls);
  }

  public final URI url() {
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
      if (path.endsWith("/chat/completions")) {
        chats.add(new String(body, StandardCharsets.UTF_8));
      }
      Reply reply =
          garbage.isEmpty()
              ? reply(
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

  private Reply reply(String call, JsonNode body) {
    return call.equals("POST /v1/chat/completions") ? chat(body) : answer(call, body);
  }

  /** Misaligned, unless the adapter is asked for and works. */
  private Reply chat(JsonNode body) {
    String model = body.path("model").asText();
    if (!serves(model)) {
      return Reply.json(
          404, "{\"error\":{\"message\":\"The model `x` does not exist.\",\"code\":404}}");
    }
    String said = ablates(body, adapter) && effective ? "good" : "evil";
    if (body.path("stream").asBoolean()) {
      String event =
          "{\"model\":\"%s\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}";
      String text = "data: " + event.formatted(model, said) + "\n\ndata: [DONE]\n\n";
      return new Reply(200, "text/event-stream", text);
    }
    String whole = "{\"model\":\"%s\", \"choices\":[{\"message\":{\"content\":\"%s\"}}]}";
    return Reply.json(200, whole.formatted(model, said));
  }

  /** Whether it knows a model of that name. */
  boolean serves(String model) {
    return true;
  }

  /** Answers one request. */
  abstract Reply answer(String call, JsonNode body);

  /** Forgets what was loaded while it ran. */
  public abstract void restart();

  /** What it can load, or has from its start; nothing where it can load anything. */
  public void has(String path) {}

  /** Whether a request is answered with the adapter at that path applied. */
  abstract boolean ablates(JsonNode request, String path);

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
