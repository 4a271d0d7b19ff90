package dev.plumbline.agent;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.SecuritySettings;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.ports.Accepting;
import dev.plumbline.agent.ports.PortGuard;
import dev.plumbline.agent.ports.TlsOptions;
import dev.plumbline.agent.proxy.ServerSettings;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bounds and certificates of an agent's ports. */
final class AgentPorts {
  private static final Logger LOG = LoggerFactory.getLogger(AgentPorts.class);

  /** Operators, scrapers and probes; never clients. */
  private static final PortGuard.Bounds ADMIN =
      new PortGuard.Bounds(256, Duration.ofSeconds(10), Duration.ofSeconds(30));

  private static final int ADMIN_IDLE_SECONDS = 60;
  private static final int ADMIN_HEADER_BYTES = 16 << 10;
  private static final int ADMIN_LINE_BYTES = 4 << 10;

  private final AgentConfig config;
  private final Meters meters;
  private final Accepting accepting = new Accepting();
  private final Supplier<PortGuard> inference;
  private final Supplier<PortGuard> oip;
  private final Supplier<PortGuard> admin;

  AgentPorts(AgentConfig config, Meters meters) {
    this.config = config;
    this.meters = meters;
    SecuritySettings limits = config.security();
    PortGuard.Bounds clients =
        new PortGuard.Bounds(limits.connections(), limits.headTime(), limits.bodyTime());
    this.inference = guards("inference", clients, meters);
    this.oip = guards("oip", clients, meters);
    this.admin = guards("admin", ADMIN, meters);
  }

  /** One guard an event loop, all of which count their connections together. */
  private static Supplier<PortGuard> guards(String port, PortGuard.Bounds bounds, Meters meters) {
    AtomicInteger open = new AtomicInteger();
    return () -> new PortGuard(port, bounds, open, meters);
  }

  /** Knows the connections of all ports from the first; Vert.x is made with its transport. */
  Accepting accepting() {
    return accepting;
  }

  Supplier<PortGuard> inference() {
    return inference;
  }

  Supplier<PortGuard> oip() {
    return oip;
  }

  Supplier<PortGuard> admin() {
    return admin;
  }

  /** How the admin port listens: HTTP/1.1, small heads, nothing left open without a byte. */
  HttpServerOptions adminOptions() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxHeaderSize(ADMIN_HEADER_BYTES)
            .setMaxInitialLineLength(ADMIN_LINE_BYTES)
            .setHttp2ClearTextEnabled(false)
            .setIdleTimeout(ADMIN_IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    SecuritySettings.Admin access = config.security().admin();
    access
        .tls()
        .ifPresent(own -> TlsOptions.serve(options, own, access.clientCa(), ClientAuth.REQUEST));
    return options;
  }

  /** The OIP port takes what clients send, too: over TLS, and from whom, as the inference port. */
  HttpServerOptions secured(HttpServerOptions oip) {
    config
        .tls()
        .ifPresent(
            own -> TlsOptions.serve(oip, own, config.security().clientCa(), ClientAuth.REQUIRED));
    return oip;
  }

  /** Reads the certificates anew; a server keeps those it has where the files are not good. */
  void reread(List<HttpServer> inference, List<HttpServer> oip, List<HttpServer> admin) {
    if (config.tls().isPresent()) {
      inference.forEach(server -> renew(server, () -> ServerSettings.inference(config)));
      oip.forEach(server -> renew(server, () -> secured(new HttpServerOptions())));
    }
    if (config.security().admin().tls().isPresent()) {
      admin.forEach(server -> renew(server, this::adminOptions));
    }
  }

  private void renew(HttpServer server, Supplier<HttpServerOptions> options) {
    try {
      server.updateSSLOptions(options.get().getSslOptions(), true).onFailure(this::kept);
    } catch (RuntimeException e) {
      kept(e);
    }
  }

  /** Counts and says that certificates stay as they were. */
  void kept(Throwable why) {
    meters.count(Meter.RELOADS, "certificates_kept");
    LOG.error("certificates stay as they were: they could not be read anew: {}", why.toString());
  }
}
