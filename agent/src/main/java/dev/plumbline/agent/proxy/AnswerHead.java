package dev.plumbline.agent.proxy;

import io.vertx.core.http.HttpClientResponse;
import java.util.Locale;
import java.util.Optional;

/**
 * What the head of an origin's answer says of how to read it.
 *
 * @param status 0 where there is none yet
 * @param encoding of its body, empty for none
 */
record AnswerHead(int status, boolean stream, String encoding) {
  static final AnswerHead NONE = new AnswerHead(0, false, "");

  static AnswerHead of(HttpClientResponse head) {
    return new AnswerHead(
        head.statusCode(),
        mediaType(head).equals("text/event-stream"),
        Optional.ofNullable(head.getHeader("content-encoding")).orElse("").trim());
  }

  private static String mediaType(HttpClientResponse head) {
    String type = Optional.ofNullable(head.getHeader("content-type")).orElse("");
    return type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
  }

  /** Whether it is an answer rather than an error. */
  boolean good() {
    return status >= 200 && status < 300;
  }

  /** Whether it is a stream that can be read as it passes. */
  boolean readable() {
    return stream && encoding.isEmpty();
  }
}
