package dev.plumbline.agent.fleet.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RollCallTest {
  private static final String HOST = "127.0.0.1";

  private final RollCall calls = new RollCall(HOST, Duration.ofMillis(500));
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private ServerSocket port(int backlog) throws IOException {
    ServerSocket port = new ServerSocket(0, backlog, InetAddress.getByName(HOST));
    open.add(port);
    return port;
  }

  private static String address(ServerSocket port) {
    return HOST + ":" + port.getLocalPort();
  }

  /** One that says this to whoever says something, and then hangs up. */
  private String saying(String word) throws IOException {
    ServerSocket port = port(5);
    Thread peer =
        new Thread(
            () -> {
              try (Socket call = port.accept()) {
                call.getInputStream().readNBytes(3);
                call.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
              } catch (IOException e) {
                // Closed.
              }
            });
    peer.setDaemon(true);
    peer.start();
    return address(port);
  }

  @Test
  void mute_isWhoTakesAConnectionAndSaysNothing() throws Exception {
    ServerSocket refusing = port(5);
    refusing.close();
    String mute = address(port(5));
    String nobody = "no-such-host.invalid:5701";
    assertThat(
            calls.mute(
                List.of(saying("HZC"), address(refusing), mute, saying("HZX"), saying(""), nobody)))
        .containsExactly(mute);
  }

  /** As by a network that drops: the queue of connections is full. */
  @Test
  void mute_isWhoseConnectionNeverComes() throws Exception {
    ServerSocket full = port(1);
    for (int i = 0; i < 8; i++) {
      Socket waiting = new Socket();
      open.add(waiting);
      try {
        waiting.connect(full.getLocalSocketAddress(), 100);
      } catch (IOException e) {
        break;
      }
    }
    assertThat(calls.mute(List.of(address(full)))).containsExactly(address(full));
  }
}
