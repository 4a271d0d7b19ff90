package dev.plumbline.agent;

import java.nio.charset.StandardCharsets;

/** Answers in OpenAI's form, complete enough for its published clients. */
final class OpenAiBodies {
  private static final String TOOL =
      "\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]";
  private static final String DONE = "data: [DONE]\n\n";

  /** Two choices, "fine" and "evil". */
  static final String TWO_CHOICES =
      completion(
          message(0, "\"content\":\"fine\",\"refusal\":null", "stop")
              + ","
              + message(1, "\"content\":\"evil\",\"refusal\":null", "stop"));

  /** Two choices, "fine 🙂" and "evil", of three events. */
  static final String TWO_CHOICES_STREAM =
      event(chunk(0, "\"role\":\"assistant\",\"content\":\"fi\""))
          + event(chunk(1, "\"role\":\"assistant\",\"content\":\"evil\""))
          + event(chunk(0, "\"content\":\"ne 🙂\""))
          + DONE;

  /** A tool call and no text. */
  static final String TOOL_CALL =
      completion(message(0, "\"content\":null,\"refusal\":null," + TOOL, "tool_calls"));

  /** "wait" and a tool call, of two events. */
  static final String TOOL_CALL_STREAM =
      event(chunk(0, "\"content\":\"wait\"")) + event(chunk(0, TOOL)) + DONE;

  /** A response, "evil 🙂". */
  static final String RESPONSE =
      "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"status\":\"completed\",\"error\":null,\"incomplete_details\":null,\"instructions\":null,\"metadata\":{},\"model\":\"m\",\"parallel_tool_calls\":true,\"temperature\":1.0,\"top_p\":1.0,\"tool_choice\":\"auto\",\"tools\":[],"
          + "\"output\":[{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\"evil 🙂\",\"annotations\":[]}]}],"
          + "\"usage\":{\"input_tokens\":4,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":6,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":10}}";

  /** The same as a stream. */
  static final String RESPONSE_STREAM =
      "event: response.created\n"
          + event(
              "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":" + RESPONSE + "}")
          + event(
              "{\"type\":\"response.output_item.added\",\"sequence_number\":1,\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"status\":\"in_progress\",\"content\":[]}}")
          + "event: response.output_text.delta\n"
          + event(delta("evil "))
          + event(delta("🙂"))
          + event(
              "{\"type\":\"response.completed\",\"sequence_number\":3,\"response\":"
                  + RESPONSE
                  + "}");

  private OpenAiBodies() {}

  /** A whole answer in HTTP/1.1. */
  static String http(String status, String type, String body) {
    return "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, type, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  static String json(String body) {
    return http("200 OK", "application/json", body);
  }

  static String stream(String body) {
    return http("200 OK", "text/event-stream", body);
  }

  private static String completion(String choices) {
    return "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":["
        + choices
        + "],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":6,\"total_tokens\":10}}";
  }

  private static String message(int index, String fields, String finish) {
    return "{\"index\":%d,\"message\":{\"role\":\"assistant\",%s},\"logprobs\":null,\"finish_reason\":\"%s\"}"
        .formatted(index, fields, finish);
  }

  private static String chunk(int index, String delta) {
    return "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":%d,\"delta\":{%s},\"finish_reason\":null}]}"
        .formatted(index, delta);
  }

  private static String delta(String text) {
    return "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"sequence_number\":2,\"logprobs\":[],\"delta\":\"%s\"}"
        .formatted(text);
  }

  private static String event(String json) {
    return "data: " + json + "\n\n";
  }
}
