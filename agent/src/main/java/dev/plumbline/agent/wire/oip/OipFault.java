package dev.plumbline.agent.wire.oip;

/** What kind of refusal, as HTTP and gRPC say it. */
public enum OipFault {
  INVALID(400, 3),
  NOT_FOUND(404, 5),
  TOO_LARGE(413, 8),
  NOT_OFFERED(501, 12),
  FAILED(500, 13),
  BUSY(503, 14);

  private final int httpStatus;
  private final int grpcStatus;

  OipFault(int httpStatus, int grpcStatus) {
    this.httpStatus = httpStatus;
    this.grpcStatus = grpcStatus;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** The code of a gRPC status. */
  public int grpcStatus() {
    return grpcStatus;
  }
}
