package dev.plumbline.agent.proxy;

import io.vertx.core.http.HttpServerOptions;

/** How the agent listens: HTTP/1.1, generous with headers, nothing decoded and nothing encoded. */
public final class ServerSettings {
  static final int MAX_HEADER_BYTES = 64 << 10;
  static final int MAX_LINE_BYTES = 16 << 10;
  static final int MAX_CHUNK_BYTES = 64 << 10;

  private ServerSettings() {}

  /** Options of the inference port. */
  public static HttpServerOptions inference() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(false)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxChunkSize(MAX_CHUNK_BYTES);
  }
}
