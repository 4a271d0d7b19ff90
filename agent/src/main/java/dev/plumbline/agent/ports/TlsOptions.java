package dev.plumbline.agent.ports;

import dev.plumbline.agent.config.AgentConfig.Tls;
import dev.plumbline.agent.config.SecuritySettings.OriginTls;
import dev.plumbline.agent.config.TlsFiles;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Certificates as Vert.x takes them: their bytes, read when these options are made. By their paths
 * a client would not know that the files have changed, since it keeps contexts by their options.
 */
public final class TlsOptions {
  private TlsOptions() {}

  /**
   * A port over TLS 1.2 or 1.3, HTTP/2 by ALPN.
   *
   * @param clientCa who signs clients' certificates; absent: none is asked for
   * @param auth what a client without one may do
   * @throws RuntimeException where a file is not what it should be
   */
  public static HttpServerOptions serve(
      HttpServerOptions options, Tls own, Optional<Path> clientCa, ClientAuth auth) {
    options.setSsl(true).setUseAlpn(true).setKeyCertOptions(pem(own));
    clientCa.ifPresent(ca -> options.setTrustOptions(trust(ca)).setClientAuth(auth));
    return options;
  }

  /**
   * The agent as a client of its origins, whose names are held against their certificates.
   *
   * @throws RuntimeException where a file is not what it should be
   */
  public static HttpClientOptions ask(HttpClientOptions options, boolean tls, OriginTls with) {
    options.setSsl(tls);
    if (tls) {
      options.setVerifyHost(true);
      with.ca().ifPresent(ca -> options.setTrustOptions(trust(ca)));
      with.own().ifPresent(own -> options.setKeyCertOptions(pem(own)));
      options.setForceSni(with.serverName().isPresent());
    }
    return options;
  }

  private static PemKeyCertOptions pem(Tls files) {
    return new PemKeyCertOptions()
        .setCertValue(Buffer.buffer(TlsFiles.certificates(files.certificate())))
        .setKeyValue(Buffer.buffer(TlsFiles.key(files.key())));
  }

  private static PemTrustOptions trust(Path ca) {
    return new PemTrustOptions().addCertValue(Buffer.buffer(TlsFiles.certificates(ca)));
  }
}
