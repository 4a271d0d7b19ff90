package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Ends a stream that its server does not end: knows what has gone out of it, and what its route has
 * to say after that. Not thread-safe.
 */
public sealed interface StreamEnd permits Stitcher, MessagesEnd, ResponsesEnd {
  /**
   * How an answer stands that is to end.
   *
   * @param open choices without an end
   * @param tokens that have gone out
   * @param counts whether the client asked for them, where a route leaves that to it
   */
  record Stand(List<Integer> open, int tokens, boolean counts) {
    public Stand {
      open = List.copyOf(open);
    }
  }

  /** Of a stream of this route; empty where nothing is known of its form. */
  static Optional<StreamEnd> of(Route route) {
    return switch (route) {
      case CHAT_COMPLETIONS, COMPLETIONS -> Optional.of(new Stitcher(route));
      case MESSAGES -> Optional.of(new MessagesEnd());
      case RESPONSES -> Optional.of(new ResponsesEnd());
      default -> Optional.empty();
    };
  }

  /** An event that goes to the client, or would, as it came. */
  void saw(JsonNode event);

  /** An event has gone to the client. */
  void sent(JsonNode event);

  /**
   * An event of a further stream as it goes on, in the first one's name.
   *
   * @param before tokens of this answer that earlier streams gave
   * @return empty where nothing is left of it to say, or where streams of this route are not put
   *     together
   */
  default Optional<SseFrames.Frame> goesOn(JsonNode event, int before) {
    return Optional.empty();
  }

  /** The events with a refusal, the agent's own, up to the stream's last. */
  List<SseFrames.Frame> refuses(String text, Stand stand);

  /**
   * The events that end it.
   *
   * @param reason as of chat completions: {@code content_filter}, {@code length}
   */
  List<SseFrames.Frame> ends(String reason, Stand stand);
}
