package dev.plumbline.agent.bench;

import dev.plumbline.core.sign.KeyFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Two agents of one fleet on the loopback; the first passes the traffic and is scraped each second.
 * Both see each other when it is there.
 */
final class FleetPair implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int PATIENCE = 240;
  private static final int PAUSE_MILLIS = 250;

  private final AgentProcess first;
  private final AgentProcess second;
  private final ScheduledExecutorService scraper =
      Executors.newSingleThreadScheduledExecutor(FleetPair::thread);

  private FleetPair(AgentProcess first, AgentProcess second) {
    this.first = first;
    this.second = second;
  }

  /**
   * @param folder for the key that a fleet wants
   */
  static FleetPair start(int originPort, Path folder) throws IOException {
    Path key = folder.resolve("fleet.pem");
    KeyFiles.generate(key, KeyFiles.publicFileOf(key));
    int one = free();
    int two = free();
    AgentProcess first = AgentProcess.start(originPort, flags(one, two, key));
    FleetPair pair;
    try {
      pair = new FleetPair(first, AgentProcess.start(originPort, flags(two, one, key)));
    } catch (IOException e) {
      first.close();
      throw e;
    }
    try {
      pair.await();
    } catch (IOException e) {
      pair.close();
      throw e;
    }
    return pair;
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  private static List<String> flags(int own, int other, Path key) {
    return List.of(
        "--set",
        "fleet.enabled=true",
        "--set",
        "fleet.host=" + HOST,
        "--set",
        "fleet.port=" + own,
        "--set",
        "fleet.members=%s:%d,%s:%d".formatted(HOST, own, HOST, other),
        "--set",
        "fleet.expected-members=2",
        "--set",
        "fleet.trusted-keys=" + KeyFiles.publicFileOf(key));
  }

  private void await() throws IOException {
    AdminFigures one = new AdminFigures(first.adminPort());
    AdminFigures two = new AdminFigures(second.adminPort());
    for (int i = 0; i < PATIENCE; i++) {
      if (members(one) == 2 && members(two) == 2) {
        scraper.scheduleAtFixedRate(() -> scrape(one), 1, 1, TimeUnit.SECONDS);
        return;
      }
      pause();
    }
    throw new IOException("the fleet: wanted 2 members, found " + members(one));
  }

  private static double members(AdminFigures figures) throws IOException {
    return figures.sum("plumbline_fleet_members", "");
  }

  private static void scrape(AdminFigures figures) {
    try {
      members(figures);
    } catch (IOException e) {
      // The next second's is another try; the agent's end is seen by wrk.
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The one that passes the traffic. */
  Contender as(String name) {
    return first.as(name);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "bench-scraper");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    scraper.shutdownNow();
    first.close();
    second.close();
  }
}
