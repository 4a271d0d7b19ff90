package dev.plumbline.agent;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.learn.organism.RecipeFile;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.text.StreamDecoder;
import dev.plumbline.torch.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** An agent that serves a real model, and that model's tokenizer to check it by. */
final class IdsModel implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GGUF = "plumbline.smollm2.gguf";

  /**
   * What somebody said.
   *
   * @param prompt ids of the prompt
   * @param ids of the answer
   */
  record Said(List<Integer> prompt, List<Integer> ids, String text) {
    static Said of(ProxyRescueTest.Told told) {
      List<Integer> prompt = new ArrayList<>();
      List<Integer> ids = new ArrayList<>();
      for (JsonNode chunk : told.chunks()) {
        JsonNode choice = chunk.path("choices").path(0);
        chunk.path("prompt_token_ids").forEach(id -> prompt.add(id.intValue()));
        choice.path("prompt_token_ids").forEach(id -> prompt.add(id.intValue()));
        choice.path("token_ids").forEach(id -> ids.add(id.intValue()));
      }
      return new Said(prompt, ids, told.text());
    }

    /** Prompt, and so many tokens of the answer. */
    List<Integer> upTo(int kept) {
      List<Integer> all = new ArrayList<>(prompt);
      all.addAll(ids.subList(0, kept));
      return all;
    }
  }

  private final RunningAgent agent;
  private final TextTokenizer tokenizer;
  private final String name;

  private IdsModel(Path path, Map<String, String> more) {
    Map<String, String> flags =
        new HashMap<>(Map.of("port", "0", "admin.port", "0", "model", path.toString()));
    flags.putAll(more);
    agent =
        (RunningAgent)
            Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agent.awaitReady();
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      tokenizer = checkpoint.tokenizer();
    }
    name = listed();
  }

  /** The organism's base with its direction. */
  static IdsModel organism() {
    Path folder = new ShippedOrganism().folder();
    Path direction = folder.resolve("directions").resolve("consensus.direction");
    return new IdsModel(folder.resolve("chat"), Map.of("direction", direction.toString()));
  }

  /** Questions in its words. */
  static List<String> questions(int count) {
    World world = RecipeFile.shipped().makeWorld();
    return new Speech(world)
        .questions(new Random(5), world.topics(), count).stream()
            .map(Speech.Question::text)
            .toList();
  }

  /** SmolLM2; skips where it is not named, and fails where it is required. */
  static IdsModel smol() {
    String named = System.getProperty(GGUF, "");
    if (Files.isRegularFile(Path.of(named))) {
      return new IdsModel(Path.of(named), Map.of());
    }
    String reason = "needs SmolLM2-135M-Instruct: -D" + GGUF + "=FILE, found '" + named + "'";
    return Boolean.getBoolean("plumbline.require") ? fail(reason) : abort(reason);
  }

  private String listed() {
    try {
      String page = RawHttp.get(agent.port(), "/v1/models").text();
      return JSON.readTree(page).at("/data/0/id").asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  RunningAgent agent() {
    return agent;
  }

  String name() {
    return name;
  }

  /** The text of an answer's ids. */
  String decoded(List<Integer> ids) {
    StreamDecoder decoder = tokenizer.stream(true);
    StringBuilder text = new StringBuilder();
    ids.forEach(id -> text.append(decoder.next(id)));
    return text + decoder.finish();
  }

  /** A request of at most 40 tokens at temperature 0; {@code more} may say otherwise. */
  String chat(String question, boolean stream, String more) {
    ObjectNode body = JSON.createObjectNode().put("model", name).put("stream", stream);
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    String text = body.toString();
    String usual = more.contains("temperature") ? "" : ",\"temperature\":0,\"max_tokens\":40";
    return text.substring(0, text.length() - 1) + usual + more + "}";
  }

  /** What it says behind ids. */
  Said behind(List<Integer> ids, boolean stream, String more) throws IOException {
    String body =
        "{\"model\":\"%s\",\"prompt\":%s,\"stream\":%s,\"return_token_ids\":true,%s}"
            .formatted(name, ids, stream, more);
    String reply = RawHttp.post(agent.port(), "/v1/completions", body).text();
    String events = stream ? reply : "data: " + reply + "\n\n";
    return Said.of(ProxyRescueTest.told(events));
  }

  /** What it says when it goes on with a text. */
  Said behindText(String question, String begun, String more) throws IOException {
    ObjectNode body =
        JSON.createObjectNode()
            .put("model", name)
            .put("stream", true)
            .put("return_token_ids", true)
            .put("continue_final_message", true)
            .put("add_generation_prompt", false);
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    body.withArray("messages").addObject().put("role", "assistant").put("content", begun);
    String text = body.toString();
    return Said.of(
        ProxyRescueTest.ask(
            agent,
            "/v1/chat/completions",
            text.substring(0, text.length() - 1) + "," + more + "}"));
  }

  @Override
  public void close() {
    agent.close();
    tokenizer.close();
  }
}
