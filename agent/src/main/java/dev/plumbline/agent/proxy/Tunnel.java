package dev.plumbline.agent.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Arrays;

/**
 * What comes after 101: bytes both ways, of whatever protocol, nothing looked at. A slow side slows
 * the other, the end of one is the end of both, and so is silence of both. Lives on one event loop.
 */
final class Tunnel {
  private final NetSocket client;
  private final NetSocket origin;
  private final Silence silence;
  private final Runnable whenClosed;
  private boolean closed;

  private Tunnel(Silences silences, NetSocket client, NetSocket origin, Runnable whenClosed) {
    this.client = client;
    this.origin = origin;
    this.whenClosed = whenClosed;
    this.silence = new Silence(silences, this::close);
  }

  /** Whether a request asks to go on in another protocol; HTTP/2 is not asked for by this way. */
  static boolean askedFor(HttpServerRequest in) {
    return in.version() == HttpVersion.HTTP_1_1
        && in.headers().contains("upgrade")
        && in.headers().getAll("connection").stream()
            .flatMap(value -> Arrays.stream(value.split(",")))
            .anyMatch(token -> token.trim().equalsIgnoreCase("upgrade"));
  }

  /** Joins the two; {@code whenClosed} runs once. */
  static void join(
      Silences silences, NetSocket client, NetSocket origin, Duration idle, Runnable whenClosed) {
    Tunnel tunnel = new Tunnel(silences, client, origin, whenClosed);
    tunnel.pump(client, origin);
    tunnel.pump(origin, client);
    tunnel.silence.listen(idle);
  }

  private void pump(NetSocket from, NetSocket to) {
    from.handler(
        bytes -> {
          silence.heard();
          to.write(bytes);
          if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
          }
        });
    from.exceptionHandler(e -> close());
    from.closeHandler(v -> close());
    from.resume();
  }

  /** What was written goes out first. */
  private void close() {
    if (!closed) {
      closed = true;
      silence.stop();
      client.close();
      origin.close();
      whenClosed.run();
    }
  }
}
