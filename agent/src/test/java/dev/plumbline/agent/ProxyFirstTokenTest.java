package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.ablation.AblatedVariant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How late the first text of a held stream goes out, counted in tokens of the origin, which no load
 * of a machine changes: an origin that has said one window and one token says nothing more until
 * its client has text.
 */
class ProxyFirstTokenTest {
  private static final int DEADLINE_SECONDS = 20;

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void rescue_firstText_goesOutOneWindowAndOneTokenAfterTheOrigins(int window) throws Exception {
    CountDownLatch delivered = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            new ScriptedOrigin((request, out) -> saysAndWaits(out, words(window + 1), delivered));
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                JudgingTap.of("EVIL"),
                (o, m) -> Optional.of(new AblatedVariant.Header()),
                "mode=rescue",
                "withhold.deadline=60s",
                "rescue.window=" + window)) {
      assertThat(firstText(agent, delivered, ProxyRescueTest.body(true, "")))
          .contains("\"content\":\" 1\"");
    }
  }

  private static List<String> words(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
  }

  /** The first event with text; opens the origin's mouth again. */
  static String firstText(RunningAgent agent, CountDownLatch delivered, String ask)
      throws IOException {
    byte[] body = ask.getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket("127.0.0.1", agent.port())) {
      socket.setSoTimeout(DEADLINE_SECONDS * 1000);
      socket
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                      + "Content-Length: "
                      + body.length
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      while (line != null && !line.contains("\"content\":\" ")) {
        line = in.readLine();
      }
      return String.valueOf(line);
    } finally {
      delivered.countDown();
    }
  }

  /** A token for each word; then nothing until the client has text. */
  static boolean saysAndWaits(OutputStream out, List<String> words, CountDownLatch delivered)
      throws Exception {
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII));
    for (String word : words) {
      say(out, word);
    }
    if (!delivered.await(2 * DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new ScriptedOrigin.Reset();
    }
    return false;
  }

  private static void say(OutputStream out, String word) throws IOException {
    String event =
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
            + "[{\"index\":0,\"delta\":{\"content\":\" "
            + word
            + "\"},\"finish_reason\":null}]}\n\n";
    String piece = Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
    out.write(piece.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
