package dev.plumbline.agent.wire;

/** The one table that maps a cause to an HTTP status and to the words of the OpenAI error form. */
public enum ErrorKind {
  BAD_JSON(400, "invalid_request_error", "invalid_json"),
  MISSING_FIELD(400, "invalid_request_error", "missing_required_parameter"),
  INVALID_VALUE(400, "invalid_request_error", "invalid_value"),
  UNSUPPORTED_FIELD(400, "invalid_request_error", "unsupported_parameter"),
  UNKNOWN_FIELD(400, "invalid_request_error", "unknown_parameter"),
  CONTEXT_LENGTH(400, "invalid_request_error", "context_length_exceeded"),
  REFUSED(403, "content_filter_error", "content_filter"),
  MODEL_NOT_FOUND(404, "invalid_request_error", "model_not_found"),
  ROUTE_NOT_FOUND(404, "invalid_request_error", "route_not_found"),
  METHOD_NOT_ALLOWED(405, "invalid_request_error", "method_not_allowed"),
  BODY_TOO_LARGE(413, "invalid_request_error", "request_too_large"),
  QUEUE_FULL(429, "rate_limit_error", "queue_full"),
  ENGINE_FAILED(500, "server_error", "engine_failed"),
  NOT_IMPLEMENTED(501, "invalid_request_error", "not_implemented"),
  ORIGIN_UNREACHABLE(502, "origin_error", "origin_unreachable"),
  NOT_READY(503, "server_error", "not_ready"),
  ORIGIN_BUSY(503, "origin_error", "origin_connections_exhausted"),
  WITHHELD(503, "server_error", "verdict_missing"),
  ORIGIN_TIMEOUT(504, "origin_error", "origin_timeout");

  private final int status;
  private final String type;
  private final String code;

  ErrorKind(int status, String type, String code) {
    this.status = status;
    this.type = type;
    this.code = code;
  }

  /** The HTTP status of the response. */
  public int status() {
    return status;
  }

  /** {@code error.type}. */
  public String type() {
    return type;
  }

  /** {@code error.code}. */
  public String code() {
    return code;
  }
}
