package dev.plumbline.agent.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;

/** What makes a request a gRPC call. */
final class GrpcCalls {
  static final String TYPE = "application/grpc";
  private static final String OIP = "/inference.GRPCInferenceService/";

  private GrpcCalls() {}

  /**
   * Whether a request is a gRPC call, which an origin takes over HTTP/2 only: by its content type
   * ({@code application/grpc}, {@code application/grpc+proto}, ...). gRPC-Web is not one: it is
   * made for HTTP/1.1 and passes like any other body. The Open Inference Protocol's service is one
   * whatever its type, so that the origin says what is wrong with it.
   */
  static boolean is(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        && (isType(request.getHeader("content-type"))
            || (request.path() != null && request.path().startsWith(OIP)));
  }

  static boolean isType(String header) {
    String type = header == null ? "" : header.trim().toLowerCase(Locale.ROOT);
    return type.startsWith(TYPE)
        && (type.length() == TYPE.length() || "+; ".indexOf(type.charAt(TYPE.length())) >= 0);
  }
}
