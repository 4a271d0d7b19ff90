package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Events of Anthropic's and of the responses' streams, which have their type's name on a line of
 * its own; the latter are numbered, too. Not thread-safe.
 */
final class NamedEvents {
  private final List<SseFrames.Frame> frames = new ArrayList<>();
  private int number;

  /**
   * @param number of the first
   */
  NamedEvents(int number) {
    this.number = number;
  }

  NamedEvents add(String type, ObjectNode fields) {
    ObjectNode event = Json.object().put("type", type);
    event.setAll(fields);
    if (type.startsWith("response.")) {
      event.put("sequence_number", number++);
    }
    String data = event.toString();
    String text = "event: " + type + "\ndata: " + data + "\n\n";
    frames.add(new SseFrames.Frame(text.getBytes(StandardCharsets.UTF_8), data));
    return this;
  }

  List<SseFrames.Frame> frames() {
    return List.copyOf(frames);
  }
}
