package dev.plumbline.agent.wire;

import java.util.Objects;

/** A request that cannot be understood; carries the answer that tells its sender why. */
public final class WireException extends RuntimeException {
  private final transient WireError error;

  public WireException(WireError error) {
    super(error.message(), null, false, false);
    this.error = Objects.requireNonNull(error, "error");
  }

  static WireException of(ErrorKind kind, String param, String message) {
    return new WireException(WireError.of(kind, param, message));
  }

  /** What to answer. */
  public WireError error() {
    return error;
  }
}
