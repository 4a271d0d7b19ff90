package dev.plumbline.agent.tap.sglang;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.agent.tap.states.StatesTapContract;

public class SglangTapContractTest extends StatesTapContract {
  private static final String BODY = "{\"text\":\"hello\",\"sampling_params\":{\"n\":1}";

  @Override
  protected StatesTap open() {
    return new SglangTap(1 << 20);
  }

  @Override
  protected String path() {
    return "/generate";
  }

  @Override
  protected String request(boolean stream) {
    return BODY + ",\"stream\":" + stream + "}";
  }

  @Override
  protected String askingRequest(boolean stream) {
    return BODY + ",\"stream\":" + stream + ",\"return_hidden_states\":true}";
  }

  @Override
  protected String answer(JsonNode request, Pass pass, boolean stream) {
    assertThat(request.path("return_hidden_states").asBoolean()).isTrue();
    return body(pass, stream, true);
  }

  @Override
  protected String plainAnswer(Pass pass, boolean stream) {
    return body(pass, stream, false);
  }

  /** The native route's answer. */
  public static String body(Pass pass, boolean stream, boolean states) {
    if (!stream) {
      return event(pass, pass.answer().length, states).toString();
    }
    StringBuilder events = new StringBuilder();
    for (int tokens = 1; tokens <= pass.answer().length; tokens++) {
      events.append("data: ").append(event(pass, tokens, states)).append("\n\n");
    }
    return events + "data: [DONE]\n\n";
  }

  /** The answer so far, with all of its states again. */
  private static ObjectNode event(Pass pass, int tokens, boolean states) {
    ObjectNode event = Pass.json("{}").put("text", "w".repeat(tokens));
    ObjectNode meta = event.putObject("meta_info").put("id", "x");
    meta.put("prompt_tokens", pass.prompt().length);
    if (states) {
      ArrayNode list = meta.putArray("hidden_states");
      ArrayNode matrix = list.addArray();
      for (int t = 0; t < pass.prompt().length; t++) {
        vector(matrix.addArray(), pass.states()[t]);
      }
      int last = Math.min(pass.states().length, pass.prompt().length + tokens - 1);
      for (int t = pass.prompt().length; t < last; t++) {
        vector(list.addArray(), pass.states()[t]);
      }
    }
    meta.put("completion_tokens", tokens).putNull("finish_reason");
    return event;
  }

  static void vector(ArrayNode into, float[] state) {
    for (float value : state) {
      if (Float.isNaN(value)) {
        into.addNull();
      } else {
        into.add(value);
      }
    }
  }

  @Override
  protected void assertNothingLeft(boolean clientAsked) {
    // Nothing is kept outside the answer.
  }
}
