package dev.plumbline.agent.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/** Streams of server-sent events at an even pace, as a model server writes them. */
final class StreamOrigin implements AutoCloseable {
  /** A token is the origin's clock, in nanoseconds. */
  static final Pattern CLOCK = Pattern.compile("\"w(-?\\d+) \"");

  private static final String HEAD =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
  private static final String TAIL = " \"},\"finish_reason\":null}]}\n\n";

  private final Vertx vertx;
  private final HttpServer server;
  private final int tokens;
  private volatile int gapMillis;
  private final IntFunction<String> word;

  /**
   * Tokens that are the origin's clock.
   *
   * @param tokens of a stream
   * @param gapMillis between two of them
   */
  static StreamOrigin ofClocks(Vertx vertx, int tokens, int gapMillis) {
    return new StreamOrigin(vertx, tokens, gapMillis, n -> "w" + System.nanoTime());
  }

  /** Tokens that are the words of a text, over and over. */
  static StreamOrigin ofWords(Vertx vertx, int tokens, int gapMillis, String text) {
    String[] words = text.split(" ");
    return new StreamOrigin(vertx, tokens, gapMillis, n -> words[n % words.length]);
  }

  private StreamOrigin(Vertx vertx, int tokens, int gapMillis, IntFunction<String> word) {
    this.vertx = vertx;
    this.word = word;
    this.tokens = tokens;
    this.gapMillis = gapMillis;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> request.endHandler(end -> stream(request.response())).resume())
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private void stream(HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    int[] sent = {0};
    vertx.setPeriodic(
        1,
        gapMillis,
        timer -> {
          if (response.closed()) {
            vertx.cancelTimer(timer);
          } else if (sent[0]++ == tokens) {
            vertx.cancelTimer(timer);
            response.end("data: [DONE]\n\n");
          } else {
            response.write(HEAD + word.apply(sent[0]) + TAIL);
          }
        });
  }

  /** Another pace, for streams that begin from now on. */
  void pace(int millis) {
    gapMillis = millis;
  }

  int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
