package dev.plumbline.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An origin that counts, in vLLM's format with {@code return_token_ids}: a number of two digits is
 * said as two tokens, while its tokenizer makes one of the same text. Its model goes on from ids it
 * could have said itself, and says {@value #LOST} from any others: so an answer that is taken up
 * behind other ids than were said shows it.
 */
final class IdsOrigin implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String LOST = " LOST";
  static final String BAD = " EVIL";
  static final List<Integer> PROMPT = List.of(1, 2, 3);
  private static final int SILENT = 300;

  /** What it does to one request. */
  record Plan(int last, int badAt) {}

  /** Chooses by whether it is for the variant, and the how many-th of these it is. */
  interface Plans {
    Plan of(boolean variant, int nth);
  }

  /** How far it knows ids. */
  enum Knows {
    ALL,
    /** It overlooks {@code return_token_ids}. */
    NOTHING,
    /** It refuses a prompt of ids. */
    NO_PROMPT,
    /** It refuses {@code return_token_ids}. */
    STRICT,
    /** Some text comes without ids. */
    GAPS
  }

  /** A request as it came. */
  record Asked(String path, JsonNode body) {
    List<Integer> ids() {
      List<Integer> all = new ArrayList<>();
      body.path("prompt").forEach(id -> all.add(id.intValue()));
      return all;
    }
  }

  final List<Asked> calls = new CopyOnWriteArrayList<>();
  final List<Asked> variantCalls = new CopyOnWriteArrayList<>();
  private final ScriptedOrigin origin;
  private final Plans plans;
  private final Knows knows;

  IdsOrigin(Knows knows, Plans plans) throws IOException {
    this.knows = knows;
    this.plans = plans;
    this.origin = new ScriptedOrigin(this::answer);
  }

  int port() {
    return origin.port();
  }

  /** The ids of an answer up to a number: the fifth number is followed by one without text. */
  static List<Integer> ids(int last) {
    List<Integer> all = new ArrayList<>();
    for (int n = 1; n <= last; n++) {
      if (n >= 10) {
        all.add(100 + n / 10);
        all.add(200 + n % 10);
      } else {
        all.add(100 + n);
      }
      if (n == 5) {
        all.add(SILENT);
      }
    }
    return all;
  }

  private static String text(int id) {
    return id == SILENT ? "" : id >= 200 ? "" + (id - 200) : " " + (id - 100);
  }

  /** How the tokenizer cuts a text. */
  private static List<Integer> cut(String text) {
    List<Integer> all = new ArrayList<>();
    for (String word : text.trim().split(" ")) {
      int n = word.matches("\\d+") ? Integer.parseInt(word) : 0;
      all.add(n < 10 ? 100 + n : 1000 + n);
      if (n == 5) {
        all.add(SILENT);
      }
    }
    return all;
  }

  private boolean answer(ScriptedOrigin.Request request, OutputStream out) throws Exception {
    JsonNode body = JSON.readTree(request.body());
    boolean variant = body.path("model").asText().equals("m-ablated");
    boolean chat = request.line().contains("/chat/");
    (variant ? variantCalls : calls).add(new Asked(request.line().split(" ")[1], body));
    boolean byIds = body.path("prompt").path(0).isInt();
    if (byIds && knows == Knows.NO_PROMPT
        || knows == Knows.STRICT && body.has("return_token_ids")) {
      send(out, "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}");
      return true;
    }
    Plan plan = plans.of(variant, variantCalls.size());
    List<Integer> given = given(body, chat, byIds);
    send(
        out,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n");
    new Telling(out, body, chat, variant).tell(given, plan);
    send(out, "0\r\n\r\n");
    return true;
  }

  /** The ids of the answer so far, as its model is given them. */
  private static List<Integer> given(JsonNode body, boolean chat, boolean byIds) {
    if (byIds) {
      List<Integer> all = new Asked("", body).ids();
      return all.subList(PROMPT.size(), all.size());
    }
    JsonNode messages = body.path("messages");
    JsonNode last = messages.path(messages.size() - 1);
    boolean begun = chat && last.path("role").asText().equals("assistant");
    String kept = body.path("prompt").asText();
    String said = begun ? last.path("content").asText() : chat ? "" : kept.replace("count:", "");
    return said.isBlank() ? List.of() : cut(said);
  }

  /** One answer on its way. */
  private final class Telling {
    private final OutputStream out;
    private final JsonNode body;
    private final boolean chat;
    private final boolean variant;
    private final boolean ids;

    Telling(OutputStream out, JsonNode body, boolean chat, boolean variant) {
      this.out = out;
      this.body = body;
      this.chat = chat;
      this.variant = variant;
      this.ids = knows != Knows.NOTHING && body.path("return_token_ids").asBoolean();
    }

    void tell(List<Integer> given, Plan plan) throws Exception {
      List<Integer> all = ids(plan.last());
      boolean lost = !all.subList(0, Math.min(given.size(), all.size())).equals(given);
      List<Integer> prompt = new ArrayList<>(PROMPT);
      prompt.addAll(given);
      if (chat) {
        event(chunk("", List.of(), null, prompt));
      }
      int most = body.path("max_tokens").asInt(Integer.MAX_VALUE);
      int told = 0;
      for (int at = given.size(); at < all.size() && told < most; at++, told++) {
        String piece = at == plan.badAt() ? BAD : lost ? LOST : text(all.get(at));
        boolean gap = knows == Knows.GAPS && at == 1;
        List<Integer> its = gap ? null : List.of(at == plan.badAt() ? 998 : all.get(at));
        event(chunk(piece, its, null, chat || told > 0 ? null : prompt));
      }
      event(chunk("", List.of(), told < most ? "stop" : "length", null));
      if (body.at("/stream_options/include_usage").asBoolean()) {
        ObjectNode counted = head();
        counted.putArray("choices");
        counted
            .putObject("usage")
            .put("prompt_tokens", prompt.size())
            .put("completion_tokens", told)
            .put("total_tokens", prompt.size() + told);
        event(counted);
      }
      send(out, "e\r\ndata: [DONE]\n\n\r\n");
    }

    private ObjectNode head() {
      return JSON.createObjectNode()
          .put("id", (chat ? "chatcmpl-" : "cmpl-") + (variant ? "second" : "first"))
          .put("object", chat ? "chat.completion.chunk" : "text_completion")
          .put("created", variant ? 2 : 1)
          .put("model", variant ? "m-ablated" : "m");
    }

    private ObjectNode chunk(String text, List<Integer> its, String end, List<Integer> prompt) {
      ObjectNode chunk = head();
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
      if (!chat) {
        choice.put("text", text);
      } else if (prompt != null) {
        choice.putObject("delta").put("role", "assistant").put("content", "");
      } else {
        choice.putObject("delta").put("content", text);
      }
      choice.putNull("logprobs").put("finish_reason", end);
      if (ids) {
        choice.set("token_ids", its == null ? null : array(its));
        if (prompt != null) {
          (chat ? chunk : choice).set("prompt_token_ids", array(prompt));
        }
      }
      return chunk;
    }

    private void event(ObjectNode chunk) throws IOException {
      byte[] event = ("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8);
      send(out, Integer.toHexString(event.length) + "\r\n" + new String(event, "UTF-8") + "\r\n");
    }
  }

  private static ArrayNode array(List<Integer> ids) {
    ArrayNode all = JSON.createArrayNode();
    ids.forEach(all::add);
    return all;
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
