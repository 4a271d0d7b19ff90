package dev.plumbline.agent.proxy;

import dev.plumbline.agent.wire.ModelPeek;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Looks for the model's name in a body that comes piece by piece and may have a content coding. Of
 * a coded one nothing is known before it is whole, and of one that is longer than {@link
 * RequestBody#MOST_CODED} nothing at all. Lives on one event loop.
 */
final class BodyPeek {
  private final String encoding;
  private final ModelPeek plain = new ModelPeek();
  private final BoundedCopy coded = new BoundedCopy(RequestBody.MOST_CODED);
  private Optional<ModelPeek> decoded = Optional.empty();

  /**
   * @param encoding the {@code Content-Encoding}, empty for none
   */
  BodyPeek(String encoding) {
    this.encoding = encoding;
  }

  /** Takes a piece of the body. Whether no more of it is needed. */
  boolean knows(Buffer chunk) {
    boolean mayBeCoded = RequestBody.coded(encoding);
    ModelPeek.State state = plain.feed(chunk.getBytes());
    if (mayBeCoded) {
      coded.add(chunk);
    }
    return mayBeCoded && state == ModelPeek.State.UNREADABLE
        ? coded.overflown()
        : state != ModelPeek.State.WAITING;
  }

  /** The body has ended. */
  ModelPeek.State end() {
    if (plain.end() == ModelPeek.State.UNREADABLE && RequestBody.coded(encoding)) {
      decoded = new RequestBody(coded.bytes(), encoding).small().map(BodyPeek::look);
    }
    return state();
  }

  private static ModelPeek look(byte[] body) {
    ModelPeek peek = new ModelPeek();
    peek.feed(body);
    peek.end();
    return peek;
  }

  ModelPeek.State state() {
    return coded.overflown() && plain.state() == ModelPeek.State.UNREADABLE
        ? ModelPeek.State.WAITING
        : decoded.orElse(plain).state();
  }

  /** The name, once it is found. */
  Optional<String> model() {
    return decoded.orElse(plain).model();
  }
}
