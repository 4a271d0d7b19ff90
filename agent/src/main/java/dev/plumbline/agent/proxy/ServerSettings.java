package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.ports.TlsOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How the agent listens: generous with headers, nothing decoded and nothing encoded. */
public final class ServerSettings {
  static final int MAX_HEADER_BYTES = 64 << 10;
  static final int MAX_LINE_BYTES = 16 << 10;
  static final int MAX_CHUNK_BYTES = 64 << 10;

  /** Requests at a time on one connection of HTTP/2. */
  static final int MAX_STREAMS = 256;

  /** What each of them may send ahead of being read; HTTP/2's default. */
  private static final int STREAM_WINDOW = 64 << 10;

  private ServerSettings() {}

  /**
   * Options of the inference port. HTTP/2 is spoken to those who ask: over TLS by ALPN, in plain
   * text by an upgrade or by prior knowledge. Of HTTP/1.1 requests sent ahead (pipelining), one is
   * at work and one is parsed; the rest stay in the socket. Of an HTTP/2 connection's streams none
   * that is not read can use up the window of the others. WebSockets are tunnelled, so their
   * extensions are none of the agent's business.
   */
  public static HttpServerOptions inference(AgentConfig config) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setStrictThreadMode(true)
            .setHttp2ClearTextEnabled(true)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(MAX_STREAMS)
                    .setMaxHeaderListSize(MAX_HEADER_BYTES))
            .setHttp2ConnectionWindowSize(MAX_STREAMS * STREAM_WINDOW)
            .setHandle100ContinueAutomatically(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxChunkSize(MAX_CHUNK_BYTES);
    config
        .tls()
        .ifPresent(
            own ->
                TlsOptions.serve(options, own, config.security().clientCa(), ClientAuth.REQUIRED));
    config.origin().ifPresent(origin -> bound(options, config.deadlines().connectionIdle()));
    return options;
  }

  /** What the agent serves itself may think for as long as it takes, without a byte. */
  private static void bound(HttpServerOptions options, Duration idle) {
    options.setIdleTimeout((int) Math.min(Integer.MAX_VALUE, idle.toMillis()));
    options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }
}
