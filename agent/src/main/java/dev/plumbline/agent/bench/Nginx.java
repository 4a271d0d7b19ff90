package dev.plumbline.agent.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * nginx with one worker, without access log, connections kept alive on both sides: as the origin,
 * with one canned answer, or as a proxy before it. In the foreground and without a master process,
 * so that its processor time is one process's.
 */
final class Nginx implements AutoCloseable {
  private static final int WAIT_MILLIS = 20;
  private static final int TRIES = 250;

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** An origin that gives {@code json} to every request. */
  static Nginx origin(Tool nginx, Path folder, String json) throws IOException {
    return start(
        nginx,
        folder,
        "",
        "default_type application/json; return 200 '" + json.replace("'", "") + "';");
  }

  /** A proxy before the origin at {@code port}. */
  static Nginx proxy(Tool nginx, Path folder, int port) throws IOException {
    return start(
        nginx,
        folder,
        "upstream origin { server 127.0.0.1:%d; keepalive 256; keepalive_requests 1000000000; }"
            .formatted(port),
        "proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection \"\";"
            + " proxy_buffering off;");
  }

  private static Nginx start(Tool nginx, Path folder, String http, String location)
      throws IOException {
    int port = freePort();
    Path home = Files.createDirectories(folder.resolve("nginx-" + port));
    Path file = home.resolve("nginx.conf");
    Files.writeString(
        file,
        """
        daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
        events { worker_connections 8192; }
        http {
          access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
          client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/f;
          uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
          %2$s
          server { listen 127.0.0.1:%3$d backlog=4096; location / { %4$s } }
        }
        """
            .formatted(home, http, port, location));
    Process process =
        new ProcessBuilder(nginx.path().toString(), "-p", home.toString(), "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("out.log").toFile())
            .start();
    awaitOpen(process, port, home);
    return new Nginx(process, port);
  }

  private static void awaitOpen(Process process, int port, Path home) throws IOException {
    for (int i = 0; i < TRIES && process.isAlive(); i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), WAIT_MILLIS);
        return;
      } catch (IOException notYet) {
        pause();
      }
    }
    throw new IOException(
        "nginx: wanted it to listen, found: " + Files.readString(home.resolve("out.log")));
  }

  private static void pause() {
    try {
      Thread.sleep(WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  Contender as(String name) {
    return new Contender(name, port, java.util.Optional.of(new ProcessStat(process.pid())));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
