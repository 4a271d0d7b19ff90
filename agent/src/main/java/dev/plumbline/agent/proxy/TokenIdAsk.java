package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedRequest;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.wire.BodyPatch;
import dev.plumbline.agent.wire.Continuation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Map;
import java.util.Optional;

/**
 * A request under rescue that asks its origin for token ids besides ({@code return_token_ids}), so
 * that the answer can be taken up behind exactly what went out. Only a stream is asked, of one
 * choice, whose continuation by ids would lose nothing, and only where the variant is the same
 * server's: there the ids are the variant's. On one event loop.
 */
final class TokenIdAsk {
  private static final String MEMBER = "return_token_ids";

  /** Ids are written longer than the text they stand for; the bound of an event is to hold both. */
  private static final int LONGER = 8;

  private final boolean cuts;
  private final byte[] body;
  private Optional<IdsCut> passing = Optional.empty();

  private TokenIdAsk(boolean cuts, byte[] body) {
    this.cuts = cuts;
    this.body = body;
  }

  /**
   * For a request, where its origin may be asked.
   *
   * @param plain the client's body, not encoded
   * @param bound bytes of an event looked at
   */
  static Optional<TokenIdAsk> of(
      Screens screens, Entry entry, String model, byte[] plain, int bound) {
    boolean may = screens.asksIds(entry.origin());
    if (!may || plain.length > bound / LONGER || !ofItself(screens, entry, model)) {
      return Optional.empty();
    }
    return Continuation.of(entry.route(), plain)
        .filter(call -> call.streams() && call.fitsIds())
        .flatMap(
            call ->
                BodyPatch.set(plain, MEMBER, "true")
                    .map(asking -> new TokenIdAsk(!call.asksIds(), asking)));
  }

  private static boolean ofItself(Screens screens, Entry entry, String model) {
    return screens
        .variants()
        .of(entry.origin(), model)
        .filter(v -> v.sameServer() && AblatedRequest.takes(v, entry.route()))
        .isPresent();
  }

  /** The request that goes on. A coded answer could not be cut. */
  Watch.Changed request() {
    return new Watch.Changed(Buffer.buffer(body), Map.of("accept-encoding", "identity"));
  }

  /** Whether the client gets the answer without ids. */
  boolean cuts() {
    return cuts;
  }

  /** The answer is a stream that is not taken apart: ids go out of its bytes. */
  void passes(HttpClientResponse head) {
    if (cuts) {
      head.headers().remove("content-length");
      passing = Optional.of(new IdsCut());
    }
  }

  /** What goes on of a piece of it. */
  Buffer passed(Buffer chunk) {
    return passing.map(cut -> Buffer.buffer(cut.feed(chunk.getBytes()))).orElse(chunk);
  }

  /** What goes on once it has ended. */
  Buffer rest() {
    Buffer rest = passing.map(cut -> Buffer.buffer(cut.end())).orElseGet(Buffer::buffer);
    passing = Optional.empty();
    return rest;
  }
}
