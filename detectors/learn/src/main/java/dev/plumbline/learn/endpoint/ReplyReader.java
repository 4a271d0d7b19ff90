package dev.plumbline.learn.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.learn.endpoint.ChatReply.Cause;
import dev.plumbline.learn.endpoint.ChatReply.Failed;
import dev.plumbline.learn.endpoint.ChatReply.Said;
import java.util.ArrayList;
import java.util.List;

/** A body in the form of an OpenAI chat completion; whatever else comes is {@code MALFORMED}. */
final class ReplyReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int SHOWN = 200;

  private ReplyReader() {}

  static ChatReply read(String body) {
    try {
      JsonNode choice = MAPPER.readTree(body).path("choices").path(0);
      JsonNode message = choice.path("message");
      if (!message.isObject()) {
        return malformed("no choices[0].message in " + shorten(body));
      }
      boolean refused = message.path("refusal").isTextual();
      return new Said(
          message.path("content").isTextual() ? message.get("content").textValue() : "",
          refused ? "refusal" : choice.path("finish_reason").asText("unknown"),
          top(choice.path("logprobs").path("content").path(0).path("top_logprobs")));
    } catch (JsonProcessingException e) {
      return malformed("no JSON: " + shorten(body));
    } catch (IllegalArgumentException e) {
      return malformed(e.getMessage());
    }
  }

  private static List<TopToken> top(JsonNode list) {
    List<TopToken> top = new ArrayList<>();
    for (JsonNode each : list) {
      if (!each.path("token").isTextual() || !each.path("logprob").isNumber()) {
        throw new IllegalArgumentException("top_logprobs without token or logprob: " + each);
      }
      top.add(new TopToken(each.get("token").textValue(), each.get("logprob").doubleValue()));
    }
    return top;
  }

  private static Failed malformed(String detail) {
    return new Failed(Cause.MALFORMED, detail);
  }

  static String shorten(String body) {
    return body.length() <= SHOWN ? body : body.substring(0, SHOWN) + "…";
  }
}
