package dev.plumbline.agent.tap.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.states.Pass;

/** vLLM's chat answers, with what a request asked for. */
final class VllmScript {
  private VllmScript() {}

  static ObjectNode whole(Pass pass, JsonNode request) {
    ObjectNode body =
        Pass.json(
            "{\"id\":\"chatcmpl-req-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
                + "\"text \\u00e9 }]\"},\"logprobs\":null,\"finish_reason\":\"stop\"}]}");
    body.putObject("usage")
        .put("prompt_tokens", pass.prompt().length)
        .put("completion_tokens", pass.answer().length);
    if (asked(request)) {
      body.set("prompt_token_ids", ids(pass.prompt(), 0, pass.prompt().length));
      ((ObjectNode) body.at("/choices/0"))
          .set("token_ids", ids(pass.answer(), 0, pass.answer().length));
    }
    return body;
  }

  /** The events up to the finish; no usage, and no end. */
  static String stream(Pass pass, JsonNode request) {
    StringBuilder events = new StringBuilder();
    for (int i = 0; i <= pass.answer().length; i++) {
      ObjectNode chunk =
          Pass.json(
              "{\"id\":\"chatcmpl-req-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\"}");
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
      choice.putObject("delta").put("content", i == 0 ? "" : "w" + i);
      choice.put("finish_reason", i == pass.answer().length ? "stop" : null);
      if (asked(request) && i == 0) {
        chunk.set("prompt_token_ids", ids(pass.prompt(), 0, pass.prompt().length));
      } else if (asked(request)) {
        choice.set("token_ids", ids(pass.answer(), i - 1, i));
      }
      events.append("data: ").append(chunk).append("\n\n");
    }
    return events.toString();
  }

  private static boolean asked(JsonNode request) {
    return request != null && request.path("return_token_ids").asBoolean();
  }

  static ArrayNode ids(long[] ids, int from, int to) {
    ArrayNode array = Pass.MAPPER.createArrayNode();
    for (int i = from; i < to; i++) {
      array.add(ids[i]);
    }
    return array;
  }
}
