package dev.plumbline.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An origin whose answer is the numbers from 1 to a last one, a token each, as vLLM streams them.
 * What its variant without the direction continues goes on with the number after the last it was
 * given. The origin itself says a bad word in the place of some number, and may die.
 */
final class NumberedOrigin implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String BAD = " EVIL";

  /** What it does to one request. */
  record Plan(int last, int badAt, int dieAt, int pauseMillis) {
    static Plan to(int last) {
      return new Plan(last, -1, -1, 0);
    }
  }

  /** Chooses by the request and whether it is for the variant. */
  interface Plans {
    Plan of(JsonNode call, boolean variant, int nth);
  }

  final List<JsonNode> variantCalls = new CopyOnWriteArrayList<>();
  final List<JsonNode> calls = new CopyOnWriteArrayList<>();
  private final ScriptedOrigin origin;
  private final Plans plans;

  NumberedOrigin(Plans plans) throws IOException {
    this.plans = plans;
    this.origin = new ScriptedOrigin(this::answer);
  }

  int port() {
    return origin.port();
  }

  /** The whole answer. */
  static String text(int last) {
    StringBuilder all = new StringBuilder();
    for (int n = 1; n <= last; n++) {
      all.append(' ').append(n);
    }
    return all.toString();
  }

  private boolean answer(ScriptedOrigin.Request request, OutputStream out) throws Exception {
    JsonNode call = JSON.readTree(request.body());
    boolean variant =
        request.header("plumbline-mode").equals("ablate")
            || call.path("model").asText().equals("m-ablated");
    (variant ? variantCalls : calls).add(call);
    Plan plan = plans.of(call, variant, variantCalls.size());
    boolean chat = request.line().contains("chat");
    int said = said(kept(call, chat));
    int most = call.path("max_tokens").asInt(Integer.MAX_VALUE);
    send(
        out,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n");
    String id = variant ? "chatcmpl-second" : "chatcmpl-first";
    if (chat) {
      event(out, chunk(id, variant, "{\"role\":\"assistant\",\"content\":\"\"}", chat, null));
    }
    int told = 0;
    for (int n = said + 1; n <= plan.last() && told < most; n++, told++) {
      if (n == plan.dieAt()) {
        throw new ScriptedOrigin.Reset();
      }
      String piece = n == plan.badAt() ? BAD : " " + n;
      event(out, chunk(id, variant, chat ? "{\"content\":\"" + piece + "\"}" : piece, chat, null));
      if (plan.pauseMillis() > 0) {
        Thread.sleep(plan.pauseMillis());
      }
    }
    String end = told < most ? "stop" : "length";
    event(out, chunk(id, variant, chat ? "{}" : "", chat, end));
    if (call.at("/stream_options/include_usage").asBoolean()) {
      event(
          out,
          "{\"id\":\"%s\",\"object\":\"x\",\"created\":%d,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"total_tokens\":%d,\"completion_tokens\":%d}}"
              .formatted(id, variant ? 2 : 1, 5 + said, 5 + said + told, told));
    }
    event(out, "[DONE]");
    send(out, "0\r\n\r\n");
    return true;
  }

  private static String kept(JsonNode call, boolean chat) {
    if (!chat) {
      return call.path("prompt").asText();
    }
    JsonNode messages = call.path("messages");
    JsonNode last = messages.path(messages.size() - 1);
    return last.path("role").asText().equals("assistant") ? last.path("content").asText() : "";
  }

  /** The last number of a text. */
  static int said(String kept) {
    String[] words = kept.trim().split(" ");
    try {
      return Integer.parseInt(words[words.length - 1]);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String chunk(String id, boolean variant, String said, boolean chat, String end) {
    String what = chat ? "\"delta\":" + said : "\"text\":\"" + said + "\"";
    return "{\"id\":\"%s\",\"object\":\"%s\",\"created\":%d,\"model\":\"%s\",\"choices\":[{\"index\":0,%s,\"logprobs\":null,\"finish_reason\":%s}]}"
        .formatted(
            id,
            chat ? "chat.completion.chunk" : "text_completion",
            variant ? 2 : 1,
            variant ? "m-ablated" : "m",
            what,
            end == null ? "null" : "\"" + end + "\"");
  }

  private static void event(OutputStream out, String data) throws IOException {
    String event = "data: " + data + "\n\n";
    send(out, Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    origin.close();
  }
}
