package dev.plumbline.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port before another that can be made to swallow all its connections have to say. */
final class Relay implements AutoCloseable {
  private final int to;
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> all = new CopyOnWriteArrayList<>();
  private final List<Socket> frozen = new CopyOnWriteArrayList<>();

  Relay(int to) throws IOException {
    this.to = to;
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The connections there are stay open, and nothing comes out of them; later ones work. */
  void freeze() {
    frozen.addAll(all);
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      Socket origin = new Socket(InetAddress.getLoopbackAddress(), to);
      all.addAll(List.of(client, origin));
      start(() -> pump(client, origin));
      start(() -> pump(origin, client));
    }
  }

  private void pump(Socket from, Socket into) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = into.getOutputStream();
    byte[] bytes = new byte[8192];
    for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
      if (!frozen.contains(from)) {
        out.write(bytes, 0, n);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // Closed.
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : all) {
      each.close();
    }
  }
}
