package dev.plumbline.agent.admin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a request may be a browser's that somebody else's page sent. */
final class SameSite {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[?[0-9a-f:]*:[0-9a-f:.%]*\\]?");
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private SameSite() {}

  /**
   * Whether the request names an address, or this machine. A page that has its own name point here
   * (DNS rebinding) sends that name.
   */
  static boolean knows(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (authority == null) {
      return false;
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    return host.equals("localhost") || ADDRESS.matcher(host).matches();
  }

  /** Whether no browser says that another site's page sent it (Origin, Sec-Fetch-Site). */
  static boolean sent(HttpServerRequest request) {
    String site = request.getHeader("sec-fetch-site");
    if (site != null && !OWN.contains(site)) {
      return false;
    }
    String origin = request.getHeader("origin");
    return origin == null || sameAuthority(origin, request.authority());
  }

  private static boolean sameAuthority(String origin, HostAndPort authority) {
    try {
      URI from = URI.create(origin);
      return authority != null
          && from.getHost() != null
          && from.getHost().equalsIgnoreCase(authority.host())
          && port(from) == (authority.port() > 0 ? authority.port() : port(from));
    } catch (IllegalArgumentException noOrigin) {
      return false;
    }
  }

  private static int port(URI from) {
    if (from.getPort() > 0) {
      return from.getPort();
    }
    return "https".equals(from.getScheme()) ? 443 : 80;
  }
}
