package dev.plumbline.agent.proxy;

import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What looks at a passage: told everything in order, on its event loop. Changes nothing, but for
 * what a tap on the origin's states adds to the request and takes out of the answer.
 */
interface Watch {
  /** What the origin shall call this, if the client gave it no name. */
  default Optional<String> requestId() {
    return Optional.empty();
  }

  /** Whether it may leave HTTP, and be looked at no more. */
  default boolean mayTunnel() {
    return false;
  }

  /** Bytes up to which the request is wanted whole before it goes on; 0: as it comes. */
  default int wholeRequestBytes() {
    return 0;
  }

  /** The whole request has come, and was told: what goes on instead of it, if anything does. */
  default Optional<Changed> change(String path) {
    return Optional.empty();
  }

  /** Bytes of an answer held at most, where it is held. */
  default int holdBytes(int usual) {
    return usual;
  }

  /** Whether a held answer says in its headers what was found. */
  default boolean tells() {
    return true;
  }

  /** What of a piece of the answer goes on to the client. */
  default Buffer passed(Buffer chunk) {
    return chunk;
  }

  /** The answer has ended: what still goes on. */
  default Buffer rest() {
    return Buffer.buffer();
  }

  /**
   * A request that goes on instead of the client's.
   *
   * @param headers to set, in lower case
   */
  record Changed(Buffer body, Map<String, String> headers) {
    /** The same with more headers. */
    Changed with(Map<String, String> more) {
      Map<String, String> all = new HashMap<>(headers);
      all.putAll(more);
      return new Changed(body, all);
    }
  }

  /** The request goes out on this, which has all its headers and nothing of it written. */
  default void sending(HttpClientRequest request) {}

  /** A piece of the request has come. */
  void request(Buffer chunk);

  /** The origin has begun to answer. How shall the answer be delivered? */
  Delivery head(HttpClientResponse head);

  /** A piece of the answer has come. */
  void answer(Buffer chunk);

  /**
   * It is over; told once.
   *
   * @param status what the client got, 0 for nothing
   */
  void over(int status, Outcome outcome);

  /** After {@link #over}: what to tell the client, at once or within a deadline; never fails. */
  Future<Telling> telling();

  /** Before {@link #over}: what to tell about an answer that is over the bound. */
  Telling tooLong();

  /**
   * What to send of an answer that broke off while nothing of it had gone out; empty: what came.
   */
  default Optional<WireError> brokenOff() {
    return Optional.empty();
  }

  /** Who delivers an answer whose head asked for {@link Delivery#SCREEN}. */
  default Delivering screen(HttpServerRequest in, HttpClientResponse answer, Onward onward) {
    throw new IllegalStateException("wanted a watch that screens, found one that does not");
  }

  /** How an answer leaves. */
  enum Delivery {
    /** Bytes as they come; nothing added. */
    PASS,
    /** As they come; then a comment and trailers, once the verdict is known. */
    PASS_THEN_TELL,
    /** Kept until the verdict is known, which then stands in the headers. */
    HOLD,
    /** Event by event, as far as a verdict covers it. */
    SCREEN
  }
}
