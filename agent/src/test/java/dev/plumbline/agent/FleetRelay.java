package dev.plumbline.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The network between members, each on a loopback address of its own: a port before each, and
 * members that can be cut off. What is cut is swallowed, not refused, as by a network that drops.
 */
final class FleetRelay implements AutoCloseable {
  private final Set<String> cut = ConcurrentHashMap.newKeySet();
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final List<ServerSocket> servers = new CopyOnWriteArrayList<>();

  /** A connection and its two ends' addresses. */
  private record Link(Socket from, Socket to, String source, String target) {}

  /** A port before {@code host:port}. */
  int before(String host, int port) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName(host));
    servers.add(server);
    start(() -> accept(server, host, port));
    return server.getLocalPort();
  }

  /** Nothing goes to this member or comes from it any more. */
  void cut(String host) {
    cut.add(host);
  }

  /** New connections work; those that were cut end. */
  void heal() throws IOException {
    Set<String> were = Set.copyOf(cut);
    cut.clear();
    for (Link link : links) {
      if (were.contains(link.source()) != were.contains(link.target())) {
        link.from().close();
        link.to().close();
      }
    }
  }

  private boolean dead(Link link) {
    return cut.contains(link.source()) != cut.contains(link.target());
  }

  private void accept(ServerSocket server, String host, int port) throws IOException {
    while (true) {
      Socket from = server.accept();
      Socket to = new Socket();
      Link link = new Link(from, to, from.getInetAddress().getHostAddress(), host);
      links.add(link);
      start(
          () -> {
            while (dead(link)) {
              pause();
            }
            try {
              to.connect(new InetSocketAddress(host, port), 5000);
            } catch (IOException refused) {
              from.close();
              throw refused;
            }
            start(() -> pump(link, from, to));
            pump(link, to, from);
          });
    }
  }

  private void pump(Link link, Socket from, Socket into) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = into.getOutputStream();
    byte[] bytes = new byte[8192];
    try {
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        if (!dead(link)) {
          out.write(bytes, 0, n);
        }
      }
    } finally {
      if (!dead(link)) {
        from.close();
        into.close();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IOException(e);
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
            "fleet-relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket server : servers) {
      server.close();
    }
    for (Link link : links) {
      link.from().close();
      link.to().close();
    }
  }
}
