package dev.plumbline.agent.enforce;

import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/** Whether a client said it can take trailers: {@code TE: trailers}, RFC 9110, section 10.1.4. */
public final class TrailerWish {
  private TrailerWish() {}

  public static boolean of(HttpServerRequest request) {
    return request.headers().getAll("te").stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .anyMatch(coding -> coding.trim().equalsIgnoreCase("trailers"));
  }
}
