package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.SseFrames;
import dev.plumbline.agent.wire.SseParser;
import dev.plumbline.agent.wire.Stitcher;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * An answer given anew, under the name of the one whose place it takes. Streams of routes that name
 * an answer once, at their beginning, keep their own.
 *
 * @param original as the origin gave it, not encoded
 */
record SameName(Route route, boolean stream, byte[] original) {
  private static final List<String> IDENTITY =
      List.of("id", "created", "created_at", "model", "system_fingerprint");

  Buffer of(byte[] anew) {
    if (!stream) {
      return Buffer.buffer(body(anew));
    }
    return Stitcher.stitches(route) ? stream(anew) : Buffer.buffer(anew);
  }

  private byte[] body(byte[] anew) {
    Optional<JsonNode> first = Json.look(original);
    if (first.isEmpty() || !(Json.look(anew).orElse(null) instanceof ObjectNode body)) {
      return anew;
    }
    for (String name : IDENTITY) {
      if (first.get().has(name)) {
        body.set(name, first.get().get(name));
      }
    }
    return body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private Buffer stream(byte[] anew) {
    Stitcher names = new Stitcher(route);
    new SseParser(original.length + 1)
        .feed(original)
        .forEach(data -> Json.look(data).ifPresent(names::saw));
    Buffer all = Buffer.buffer();
    for (SseFrames.Frame frame : new SseFrames(anew.length + 1).feed(anew)) {
      if (frame.data().equals(SseFrames.DONE)) {
        all.appendBytes(frame.raw());
        break;
      }
      JsonNode chunk = AnswerSource.chunk(frame);
      names.goesOn(chunk, 0).ifPresent(named -> all.appendBytes(named.raw()));
      names.sent(chunk);
    }
    return all;
  }
}
