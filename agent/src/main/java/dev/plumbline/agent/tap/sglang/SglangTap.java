package dev.plumbline.agent.tap.sglang;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesRequest;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Optional;

/**
 * SGLang started with {@code --enable-return-hidden-states}. It gives the state after the final
 * norm and no other, so an artefact must have been learned there. The native route {@code
 * /generate} gives every token; the OpenAI routes give the last one only, which is a reading of the
 * answer only when it is the answer's one token with a state. Thread-safe; owns nothing.
 */
public final class SglangTap implements StatesTap {
  private static final String ASK = "return_hidden_states";

  private final long mostBytes;

  /**
   * @param mostBytes of an answer's states, as JSON text
   */
  public SglangTap(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  @Override
  public List<TapPoint> points() {
    return List.of(TapPoint.FINAL_NORM);
  }

  @Override
  public Optional<StatesExchange> decorate(OriginRequest request) {
    boolean generate = request.to("/generate");
    boolean openAi = request.to("/v1/chat/completions") || request.to("/v1/completions");
    return generate || openAi
        ? StatesRequest.of(request.body()).flatMap(json -> decorate(json, generate))
        : Optional.empty();
  }

  private Optional<StatesExchange> decorate(StatesRequest json, boolean generate) {
    int choices = generate ? sequences(json.root()) : json.choices();
    if (generate && json.stream() && choices > 1) {
      return Optional.empty();
    }
    boolean asked = json.asked(ASK);
    boolean all = generate && !json.root().path(ASK).asText().equals("last");
    if (!asked) {
      json.root().put(ASK, true);
    }
    SglangAnswer answer = new SglangAnswer(generate, !asked, mostBytes);
    return Optional.of(new SglangExchange(json.toBytes(), answer, all, choices));
  }

  /** How many sequences a native request makes: {@code n} for each text or list of ids. */
  private static int sequences(JsonNode root) {
    int n = Math.max(1, root.path("sampling_params").path("n").asInt(1));
    JsonNode texts = root.path("text");
    JsonNode ids = root.path("input_ids");
    int prompts = texts.isArray() ? texts.size() : ids.path(0).isArray() ? ids.size() : 1;
    return (int) Math.min(Integer.MAX_VALUE, (long) n * Math.max(1, prompts));
  }

  @Override
  public void close() {
    // Nothing runs in the background.
  }
}
