package dev.plumbline.agent.fleet.hazelcast;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Which addresses take a connection and are mute: before a process that is stopped, or a mesh
 * before one that is gone. Hazelcast (5.3.8, {@code TcpIpJoiner}) waits for their word on who is
 * master until {@code hazelcast.max.join.seconds} are over, gives up, and does the same at the next
 * try; one that refuses a connection or cannot be reached it passes over by itself.
 *
 * <p>Who joins says {@code HZC} first, and a member's port says the same in answer, one that is
 * itself still joining too. Here no more than that is said.
 */
final class RollCall {
  private static final byte[] HELLO = "HZC".getBytes(StandardCharsets.US_ASCII);

  private final String from;
  private final Duration patience;

  /**
   * @param from local address of the calls
   * @param patience with one address, for its connection and for its word each
   */
  RollCall(String from, Duration patience) {
    this.from = from;
    this.patience = patience;
  }

  /**
   * Calls them all at one time; waits for three times the patience at most.
   *
   * @param addresses {@code HOST:PORT}
   * @return those that are mute
   * @throws InterruptedException when the waiting was interrupted
   */
  List<String> mute(Collection<String> addresses) throws InterruptedException {
    ExecutorService threads = Executors.newCachedThreadPool(RollCall::thread);
    try {
      List<String> order = List.copyOf(addresses);
      List<Future<Boolean>> calls =
          threads.invokeAll(
              order.stream()
                  .<java.util.concurrent.Callable<Boolean>>map(a -> () -> mute(a))
                  .toList(),
              3 * patience.toMillis(),
              TimeUnit.MILLISECONDS);
      List<String> mute = new ArrayList<>();
      for (int i = 0; i < order.size(); i++) {
        if (isMute(calls.get(i))) {
          mute.add(order.get(i));
        }
      }
      return mute;
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean isMute(Future<Boolean> call) throws InterruptedException {
    try {
      return call.get();
    } catch (ExecutionException | CancellationException e) {
      return false;
    }
  }

  private boolean mute(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
    int port = Integer.parseInt(address.substring(colon + 1));
    try (Socket call = new Socket()) {
      call.bind(new InetSocketAddress(from, 0));
      call.connect(new InetSocketAddress(host, port), (int) patience.toMillis());
      call.setSoTimeout((int) patience.toMillis());
      call.getOutputStream().write(HELLO);
      call.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-roll-call");
    thread.setDaemon(true);
    return thread;
  }
}
