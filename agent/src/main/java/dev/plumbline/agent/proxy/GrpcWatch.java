package dev.plumbline.agent.proxy;

import dev.plumbline.agent.scoring.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.Map;
import java.util.Optional;

/** What looks at a gRPC call: told everything in order, on its event loop. */
interface GrpcWatch {
  /** What the origin shall call this, if the client gave it no name. */
  Optional<String> requestId();

  /** The call goes out on this, which has all its headers and nothing of it written. */
  void sending(HttpClientRequest request);

  /** A piece of the request has come. */
  void request(Buffer chunk);

  /** What of the request goes on, after it was told; perhaps nothing yet. */
  default Buffer sent(Buffer chunk) {
    return chunk;
  }

  /** The request has ended: what of it still goes on. */
  default Buffer sentLast() {
    return Buffer.buffer();
  }

  /**
   * The origin has begun to answer.
   *
   * @return whether the head may go out before anything of the body
   */
  boolean head(HttpClientResponse head);

  /**
   * A piece of the answer has come: what goes on in its place, perhaps later, perhaps nothing. No
   * other piece comes before that is known. Fails with a {@link Refusal} only.
   */
  Future<Buffer> passed(Buffer chunk);

  /**
   * It is over; told once.
   *
   * @param status what the client got, 0 for nothing
   */
  void over(int status, Outcome outcome);

  /** After {@link #over} of an answer to its end: how it ends; never fails. */
  Future<End> end();

  /**
   * The end of an answer.
   *
   * @param rest what still goes on
   * @param trailers added to the origin's
   * @param instead what the client gets in place of all of it
   */
  record End(Buffer rest, Map<String, String> trailers, Optional<GrpcStatus> instead) {
    /** Nothing added. */
    static final End PLAIN = new End(Buffer.buffer(), Map.of(), Optional.empty());
  }

  /** The rest of an answer stays in. */
  final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient GrpcStatus status;

    Refusal(GrpcStatus status) {
      super(status.message(), null, false, false);
      this.status = status;
    }

    GrpcStatus status() {
      return status;
    }
  }
}
