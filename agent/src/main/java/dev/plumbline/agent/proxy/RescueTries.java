package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.ablation.AblatedVariant;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tries to have a stream go on without the direction, one after the other. From a turn to the
 * next text there is one deadline, however many tries fall into it. On one event loop.
 */
final class RescueTries {
  /** What comes of a try. */
  interface Told {
    /** A stream begins; its handlers are to be set at once. */
    void began(HttpClientResponse head);

    /**
     * It came to nothing.
     *
     * @param how {@code failed}, {@code deadline}
     */
    void came(String how);
  }

  private final ScreenCase exchange;
  private final HttpServerRequest in;
  private final Told told;
  private int made;
  private VariantAsks.Asked asked;
  private long deadline = -1;

  RescueTries(ScreenCase exchange, HttpServerRequest in, Told told) {
    this.exchange = exchange;
    this.in = in;
    this.told = told;
  }

  int made() {
    return made;
  }

  /** Whether one more may be made. */
  boolean left() {
    return made <= exchange.screens().settings().retries();
  }

  /** Makes one. */
  void ask(ObjectNode body, AblatedVariant variant) {
    made++;
    VariantAsks.Pending pending =
        exchange.screens().asks().ask(in, exchange.entry().origin(), variant, body);
    VariantAsks.Asked now = pending.asked();
    asked = now;
    if (deadline < 0) {
      deadline =
          exchange
              .vertx()
              .setTimer(
                  Math.max(1, exchange.screens().settings().rescueDeadline().toMillis()),
                  fired -> late());
    }
    pending
        .answer()
        .onComplete(
            head -> {
              if (asked == now && head.succeeded() && isStream(head.result())) {
                told.began(head.result());
              } else if (asked == now) {
                told.came("failed");
              }
            });
  }

  private void late() {
    deadline = -1;
    told.came("deadline");
  }

  private static boolean isStream(HttpClientResponse head) {
    String type = Optional.ofNullable(head.getHeader("content-type")).orElse("");
    return head.statusCode() == 200
        && type.startsWith("text/event-stream")
        && head.getHeader("content-encoding") == null;
  }

  /** Runs what is told of the try under way, and of no earlier one. */
  Consumer<Runnable> whileCurrent() {
    VariantAsks.Asked now = asked;
    return then -> {
      if (asked == now) {
        then.run();
      }
    };
  }

  /** Text has come of the try under way: the deadline is kept. */
  void text() {
    if (deadline >= 0) {
      exchange.vertx().cancelTimer(deadline);
      deadline = -1;
    }
  }

  /** The try under way is over; another may follow before the deadline. */
  void drop() {
    if (asked != null) {
      // Forgotten first: its reset is told to whoever it belongs to, at once.
      VariantAsks.Asked gone = asked;
      asked = null;
      gone.close();
    }
  }

  /** No try follows. */
  void stop() {
    text();
    drop();
  }
}
