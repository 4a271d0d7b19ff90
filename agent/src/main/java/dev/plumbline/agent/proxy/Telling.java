package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.wire.WireError;
import java.util.Optional;

/**
 * What a client is told at the end.
 *
 * @param annotation the verdict
 * @param instead what it gets in the answer's place, where nothing of it has gone out: fail-closed
 */
record Telling(Annotation annotation, Optional<WireError> instead) {
  static Telling of(Annotation annotation) {
    return new Telling(annotation, Optional.empty());
  }
}
