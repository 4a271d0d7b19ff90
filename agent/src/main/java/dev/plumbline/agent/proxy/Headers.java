package dev.plumbline.agent.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Copies end-to-end headers and leaves out those of one hop (RFC 9110, section 7.6.1): the fixed
 * ones and whatever {@code Connection} names. Names keep their case, repeats their order.
 *
 * <p>It runs twice for every exchange, so that names are compared, not made lower case first.
 */
final class Headers {
  private Headers() {}

  /**
   * Copies all end-to-end headers but those named.
   *
   * @param except in lower case; a handful
   */
  static void copy(MultiMap from, MultiMap to, Set<String> except) {
    Set<String> named = namedByConnection(from);
    from.forEach(
        (name, value) -> {
          if (!hop(name) && !in(except, name) && !in(named, name)) {
            to.add(name, value);
          }
        });
  }

  /** Headers that are about one hop whatever {@code Connection} says; by length, which is quick. */
  private static boolean hop(String name) {
    return switch (name.length()) {
      case 2 -> name.equalsIgnoreCase("te");
      case 7 -> name.equalsIgnoreCase("upgrade");
      case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
      case 16 -> name.equalsIgnoreCase("proxy-connection");
      case 17 -> name.equalsIgnoreCase("transfer-encoding");
      default -> false;
    };
  }

  private static boolean in(Set<String> names, String name) {
    return !names.isEmpty() && names.contains(name.toLowerCase(Locale.ROOT));
  }

  /** What {@code Connection} names beside the fixed ones: mostly nothing. */
  private static Set<String> namedByConnection(MultiMap headers) {
    if (!headers.contains("connection")) {
      return Set.of();
    }
    Set<String> named = new HashSet<>();
    for (String value : headers.getAll("connection")) {
      for (String name : value.split(",")) {
        if (!hop(name) && !name.equals("close")) {
          named.add(name.trim().toLowerCase(Locale.ROOT));
        }
      }
    }
    return named;
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
