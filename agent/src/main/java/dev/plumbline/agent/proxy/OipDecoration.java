package dev.plumbline.agent.proxy;

import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.RestBody;
import dev.plumbline.agent.wire.oip.RestPatch;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Asks a model for the tensor of hidden states where a REST request lists outputs without it, and
 * takes it out of the answer. Only of a model that is known to have it: another would refuse the
 * request. Lives on one event loop, but for {@link #without}.
 */
final class OipDecoration {
  private static final String HEADER = "inference-header-content-length";
  private static final String INFER = "/infer";

  private final DeclaredTensors declared;
  private final MetadataAsk ask;
  private final OriginTable origins;
  private final HttpServerRequest from;
  private final String path;
  private Optional<String> tensor = Optional.empty();
  private DeclaredTensors.Model model;

  OipDecoration(
      DeclaredTensors declared, MetadataAsk ask, OriginTable origins, HttpServerRequest from) {
    this.declared = declared;
    this.ask = ask;
    this.origins = origins;
    this.from = from;
    this.path = from.path().substring(0, from.path().lastIndexOf(INFER));
  }

  /**
   * Whether any origin's model is known to have the tensor, so that the request is wanted whole.
   */
  boolean possible() {
    return origins.all().stream()
        .anyMatch(origin -> declared.has(new DeclaredTensors.Model(origin.name(), path)));
  }

  /** The request goes to this origin: its model is asked about, if nobody has. */
  void goes(String origin, String output) {
    model = new DeclaredTensors.Model(origin, path);
    declared.learn(model, () -> ask.rest(origin, path, from, output));
  }

  /** The request with the tensor asked for; empty where it is asked for, or cannot be. */
  Optional<Watch.Changed> change(
      String origin, OipScoring scoring, byte[] body, OptionalLong headerLength) {
    model = new DeclaredTensors.Model(origin, path);
    if (!declared.has(model)) {
      return Optional.empty();
    }
    try {
      Optional<RestBody> changed = RestPatch.asking(body, headerLength, scoring.tensor());
      tensor = changed.map(any -> scoring.tensor());
      changed.ifPresent(any -> declared.count("decorated"));
      return changed.map(
          to -> new Watch.Changed(Buffer.buffer(to.toBytes()), headers(to, headerLength)));
    } catch (OipException e) {
      // What it is, the origin says.
      return Optional.empty();
    }
  }

  /** A client that told the length of the JSON tells the new one, with tensors after it or none. */
  private static Map<String, String> headers(RestBody body, OptionalLong told) {
    return told.isPresent() ? Map.of(HEADER, "" + body.json().length) : Map.of();
  }

  /** Whether the request was decorated. */
  boolean active() {
    return tensor.isPresent();
  }

  /** A decorated request was answered so; an error may mean that the model is another by now. */
  void answered(int status) {
    if (active() && status >= 400) {
      declared.forget(model);
    }
  }

  /**
   * An answer without the tensor; the same bytes where it has none.
   *
   * @throws OipException when it is no answer
   */
  RestBody without(byte[] body, OptionalLong headerLength) {
    return RestPatch.without(body, headerLength, tensor.orElseThrow());
  }

  /** An answer's head goes with the body that goes on. */
  void head(MultiMap head, RestBody body) {
    declared.count("removed");
    OptionalInt length = body.headerLength();
    if (length.isPresent()) {
      head.set(HEADER, "" + length.getAsInt());
    } else if (head.contains(HEADER)) {
      head.remove(HEADER).set("content-type", RestBody.JSON_TYPE);
    }
  }
}
