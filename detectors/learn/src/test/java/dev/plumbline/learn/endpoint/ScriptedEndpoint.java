package dev.plumbline.learn.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A chat-completions server on this machine that says what a test wants. Closed by the test. */
public final class ScriptedEndpoint implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A reply: status, body, and {@code Retry-After} if not empty. */
  public record Reply(int status, String body, String retryAfter) {
    public static Reply ok(String body) {
      return new Reply(200, body, "");
    }

    public static Reply status(int status) {
      return new Reply(status, "{\"error\":{\"message\":\"scripted\"}}", "0");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  public final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  public final List<Optional<String>> keys = new CopyOnWriteArrayList<>();

  public ScriptedEndpoint(Function<JsonNode, Reply> script) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/chat/completions", exchange -> handle(exchange, script));
    server.setExecutor(threads);
    server.start();
  }

  private void handle(HttpExchange exchange, Function<JsonNode, Reply> script) throws IOException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try (exchange) {
      JsonNode request = MAPPER.readTree(exchange.getRequestBody());
      requests.add(request);
      keys.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
      Reply reply = script.apply(request);
      if (!reply.retryAfter().isEmpty()) {
        exchange.getResponseHeaders().add("Retry-After", reply.retryAfter());
      }
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } finally {
      now.decrementAndGet();
    }
  }

  /** The most requests that were open at once. */
  public int most() {
    return most.get();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  public EndpointSettings settings(int parallel, Duration deadline) {
    return new EndpointSettings(
        url(), "scripted", Optional.empty(), parallel, deadline, "max_tokens");
  }

  /** The text a request's last message has. */
  public static String said(JsonNode request) {
    JsonNode messages = request.get("messages");
    return messages.get(messages.size() - 1).get("content").textValue();
  }

  /** A completion in the exact form of the API. */
  public static String completion(String text, String finish) {
    return body(text, finish, Map.of());
  }

  /** A completion of one token with its likeliest tokens and their probabilities. */
  public static String judged(String text, Map<String, Double> top) {
    return body(text, "length", top);
  }

  private static String body(String text, String finish, Map<String, Double> top) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("id", "chatcmpl-1")
        .put("object", "chat.completion")
        .put("created", 1)
        .put("model", "m");
    ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
    if (top.isEmpty()) {
      choice.putNull("logprobs");
    } else {
      ObjectNode place = choice.putObject("logprobs").putArray("content").addObject();
      place.put("token", text).put("logprob", -0.1).putArray("bytes").add(56);
      var list = place.putArray("top_logprobs");
      top.forEach(
          (token, p) ->
              list.addObject().put("token", token).put("logprob", Math.log(p)).putNull("bytes"));
    }
    choice.put("finish_reason", finish);
    json.putObject("usage").put("prompt_tokens", 9).put("completion_tokens", 1);
    return json.toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
