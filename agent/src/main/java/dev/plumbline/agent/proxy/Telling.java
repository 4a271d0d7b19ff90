package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * What a client is told at the end.
 *
 * @param annotation the verdict
 * @param instead what it gets in the answer's place, where nothing of it has gone out: fail-closed
 * @param changed the answer's body as it goes on, where it was held and changed
 */
record Telling(Annotation annotation, Optional<WireError> instead, Optional<Buffer> changed) {
  Telling(Annotation annotation, Optional<WireError> instead) {
    this(annotation, instead, Optional.empty());
  }

  static Telling of(Annotation annotation) {
    return new Telling(annotation, Optional.empty());
  }

  /** A held answer goes on with another body. */
  static Telling changed(Annotation annotation, Buffer body) {
    return new Telling(annotation, Optional.empty(), Optional.of(body));
  }
}
