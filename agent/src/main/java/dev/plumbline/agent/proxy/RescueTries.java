package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedVariant;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The tries to have a stream go on without the direction, one after the other. From a turn to the
 * next text there is one deadline, however many tries fall into it. On one event loop.
 */
final class RescueTries {
  /** What comes of a try. */
  interface Told {
    /**
     * A stream begins; its handlers are to be set at once.
     *
     * @param seam how it was asked for
     */
    void began(HttpClientResponse head, Seam.Asked seam);

    /**
     * It came to nothing.
     *
     * @param how {@code failed}, {@code deadline}; {@code refused}: its server takes no ids
     */
    void came(String how);
  }

  /** How a server says that it cannot take such a request, rather than that it cannot now. */
  private static final Set<Integer> NO_IDS = Set.of(400, 404, 405, 422);

  private final ScreenCase exchange;
  private final HttpServerRequest in;
  private final Told told;
  private int made;
  private int forgiven;
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
    return made - forgiven <= exchange.screens().settings().retries();
  }

  /** The last one does not count: it only showed that another way is to be gone. */
  void forgive() {
    forgiven++;
  }

  /** Makes one. */
  void ask(Seam.Asked seam, AblatedVariant variant) {
    made++;
    UnaryOperator<String> uri = seam.byIds() ? Seam::completions : UnaryOperator.identity();
    VariantAsks.Pending pending =
        exchange.screens().asks().ask(in, exchange.entry().origin(), variant, seam.body(), uri);
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
                told.began(head.result(), seam);
              } else if (asked == now) {
                told.came(seam.byIds() && refused(head) ? "refused" : "failed");
              }
            });
  }

  private static boolean refused(AsyncResult<HttpClientResponse> head) {
    return head.succeeded() && NO_IDS.contains(head.result().statusCode());
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
