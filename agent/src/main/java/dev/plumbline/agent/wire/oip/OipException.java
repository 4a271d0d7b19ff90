package dev.plumbline.agent.wire.oip;

/** A message of the protocol that cannot be taken; the text is for its sender. */
public final class OipException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final OipFault fault;

  public OipException(OipFault fault, String message) {
    super(message, null, false, false);
    this.fault = fault;
  }

  /** An invalid message, in four parts. Never an element of a tensor: those are users' data. */
  public static OipException invalid(String where, String wanted, Object found, String action) {
    return new OipException(
        OipFault.INVALID, where + ": wanted " + wanted + ", found " + found + "; " + action);
  }

  public OipFault fault() {
    return fault;
  }
}
