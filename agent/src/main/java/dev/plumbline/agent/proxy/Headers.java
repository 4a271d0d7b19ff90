package dev.plumbline.agent.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Copies end-to-end headers and leaves out those of one hop (RFC 9110, section 7.6.1): the fixed
 * ones and whatever {@code Connection} names. Names keep their case, repeats their order.
 */
final class Headers {
  private static final Set<String> HOP =
      Set.of("connection", "proxy-connection", "keep-alive", "te", "transfer-encoding", "upgrade");

  private Headers() {}

  /** Copies all end-to-end headers but the one named, which may be null. */
  static void copy(MultiMap from, MultiMap to, Set<String> except) {
    Set<String> left = new HashSet<>(HOP);
    left.addAll(except);
    from.getAll("connection").stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .forEach(name -> left.add(name.trim().toLowerCase(Locale.ROOT)));
    from.forEach(
        (name, value) -> {
          if (!left.contains(name.toLowerCase(Locale.ROOT))) {
            to.add(name, value);
          }
        });
  }

  /** Copies what asks for another protocol; RFC 9110, section 7.8. */
  static HttpClientRequest copyUpgrade(MultiMap from, HttpClientRequest to) {
    to.headers().add("Connection", "Upgrade").add("Upgrade", from.getAll("upgrade"));
    return to;
  }

  /** One line of cookies, which HTTP/2 may split and HTTP/1 may not; RFC 9113, section 8.2.3. */
  static void joinCookies(MultiMap headers) {
    List<String> cookies = headers.getAll("cookie");
    if (cookies.size() > 1) {
      headers.set("cookie", String.join("; ", cookies));
    }
  }
}
