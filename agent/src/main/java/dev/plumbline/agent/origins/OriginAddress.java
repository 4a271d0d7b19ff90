package dev.plumbline.agent.origins;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.util.Optional;

/**
 * Where requests to an origin go, and under which name its certificate is asked for. {@code Host}
 * is always the URL's: the other name is of TLS alone.
 *
 * @param url of its configuration
 * @param serverName of its certificate, where that is not the URL's host
 */
public record OriginAddress(URI url, Optional<String> serverName) {
  public OriginAddress {
    serverName = serverName.filter(name -> url.getScheme().equals("https"));
  }

  /** The options of a request of this target, behind the URL's path. */
  public RequestOptions to(HttpMethod method, String target) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(url.getHost())
            .setPort(port(url))
            .setURI(prefix(url) + target);
    serverName.ifPresent(
        name ->
            options
                .setServer(SocketAddress.inetSocketAddress(port(url), bare(url.getHost())))
                .setHost(name));
    return options;
  }

  /** The request with the URL's own name again, once it has a connection. */
  public HttpClientRequest named(HttpClientRequest request) {
    return serverName.isEmpty()
        ? request
        : request.authority(HostAndPort.create(url.getHost(), port(url)));
  }

  /** An address of IPv6 stands in brackets in a URL only. */
  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(URI url) {
    int port = url.getPort();
    if (port > 0) {
      return port;
    }
    return url.getScheme().equals("https") ? 443 : 80;
  }

  private static String prefix(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
