package dev.plumbline.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An origin that sends one stream to clients and another to whoever asks for its variant {@code
 * m-ablated}, in pieces of a few bytes. Knows what it was asked.
 */
final class EventOrigin implements AutoCloseable {
  static final String DONE = "data: [DONE]\n\n";
  private static final ObjectMapper JSON = new ObjectMapper();

  final List<JsonNode> variantCalls = new CopyOnWriteArrayList<>();
  private final ScriptedOrigin origin;
  private final String plain;
  private final String variant;
  private final int piece;

  /**
   * @param piece bytes sent at a time
   */
  EventOrigin(String plain, String variant, int piece) throws IOException {
    this.plain = plain;
    this.variant = variant;
    this.piece = piece;
    this.origin = new ScriptedOrigin(this::answer);
  }

  EventOrigin(String plain, String variant) throws IOException {
    this(plain, variant, 1 << 20);
  }

  int port() {
    return origin.port();
  }

  /** A chunk of chat completions. */
  static String chat(int choice, String delta) {
    return chunk(choice, delta, "null");
  }

  /** The chunk that ends a choice. */
  static String stop(int choice) {
    return chunk(choice, "", "\"stop\"");
  }

  private static String chunk(int choice, String delta, String finish) {
    return "data: {\"id\":\"ID\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"MODEL\",\"choices\":[{\"index\":%d,\"delta\":{%s},\"logprobs\":null,\"finish_reason\":%s}]}\n\n"
        .formatted(choice, delta, finish);
  }

  /** Chunks with a text each. */
  static String says(int choice, String... texts) {
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      all.append(chat(choice, "\"content\":\"" + text + "\""));
    }
    return all.toString();
  }

  private boolean answer(ScriptedOrigin.Request request, OutputStream out) throws Exception {
    JsonNode call = JSON.readTree(request.body());
    boolean ablated = call.path("model").asText().equals("m-ablated");
    if (ablated) {
      variantCalls.add(call);
    }
    String id = ablated ? "second" : "first";
    byte[] events =
        (ablated ? variant : plain)
            .replace("ID", id)
            .replace("MODEL", call.path("model").asText())
            .getBytes(StandardCharsets.UTF_8);
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII));
    for (int at = 0; at < events.length; at += piece) {
      int size = Math.min(piece, events.length - at);
      out.write((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(events, at, size);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return true;
  }

  @Override
  public void close() throws IOException {
    origin.close();
  }
}
