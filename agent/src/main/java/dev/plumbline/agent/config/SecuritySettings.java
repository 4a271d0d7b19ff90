package dev.plumbline.agent.config;

import dev.plumbline.agent.config.AgentConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who may do what, and how much of it.
 *
 * @param admin the admin port
 * @param clientCa who signs the certificates that clients of the inference port must show; absent
 *     for any client
 * @param origin how the agent knows its origins over TLS, and they it
 * @param trustedKeys public keys one of which must have signed an artefact; none: any is loaded
 * @param connections of clients open at a time, of the inference port
 * @param headTime a new connection of a client must bring a request within
 * @param bodyTime a request's body must be there within
 */
public record SecuritySettings(
    Admin admin,
    Optional<Path> clientCa,
    OriginTls origin,
    List<Path> trustedKeys,
    int connections,
    Duration headTime,
    Duration bodyTime) {
  public SecuritySettings {
    trustedKeys = List.copyOf(trustedKeys);
    Objects.requireNonNull(admin, "admin");
  }

  /**
   * @param readToken who may look; the file holds the token
   * @param operateToken who may act, and look
   * @param tls absent for plain text
   * @param clientCa who signs the certificates of those who may act
   * @param insecure anybody may who reaches the port
   * @param openMetrics /metrics wants no credentials
   */
  public record Admin(
      Optional<Path> readToken,
      Optional<Path> operateToken,
      Optional<Tls> tls,
      Optional<Path> clientCa,
      boolean insecure,
      boolean openMetrics) {
    /** Whether anybody is asked who he is. */
    public boolean asks() {
      return readToken.isPresent() || operateToken.isPresent() || clientCa.isPresent();
    }
  }

  /**
   * @param ca whose certificates count beside none of the JDK's; absent for the JDK's
   * @param own what the agent shows an origin that asks; absent for nothing
   * @param serverName what the certificate must bear and SNI says; absent for the URL's host
   */
  public record OriginTls(Optional<Path> ca, Optional<Tls> own, Optional<String> serverName) {
    /** As the JDK has it. */
    public static final OriginTls STANDARD =
        new OriginTls(Optional.empty(), Optional.empty(), Optional.empty());

    /** This, and where it says nothing, the other. */
    private OriginTls or(OriginTls other) {
      return new OriginTls(ca.or(other::ca), own.or(other::own), serverName.or(other::serverName));
    }
  }

  static SecuritySettings of(Values values) {
    return new SecuritySettings(
        new Admin(
            path(values, Key.ADMIN_READ_TOKEN),
            path(values, Key.ADMIN_OPERATE_TOKEN),
            pair(values, Key.ADMIN_TLS_CERTIFICATE, Key.ADMIN_TLS_KEY),
            path(values, Key.ADMIN_TLS_CLIENT_CA),
            values.get(Key.ADMIN_INSECURE, Boolean.class),
            values.get(Key.ADMIN_METRICS, String.class).equals("open")),
        path(values, Key.TLS_CLIENT_CA),
        originTls(values),
        values.find(Key.DIRECTION_TRUSTED_KEYS, List.class).orElse(List.of()).stream()
            .map(Path.class::cast)
            .toList(),
        values.get(Key.CLIENT_CONNECTIONS, Integer.class),
        values.get(Key.CLIENT_HEAD_TIMEOUT, Duration.class),
        values.get(Key.CLIENT_BODY_TIMEOUT, Duration.class));
  }

  static OriginTls originTls(Values values) {
    return new OriginTls(
        path(values, Key.ORIGIN_TLS_CA),
        pair(values, Key.ORIGIN_TLS_CERTIFICATE, Key.ORIGIN_TLS_KEY),
        values.find(Key.ORIGIN_TLS_SERVER_NAME, String.class));
  }

  /** Of one of several origins: each part its own, or else that of all. */
  static OriginTls originTls(Values values, String name) {
    Optional<Path> chain = of(values, Family.ORIGIN_TLS_CERTIFICATE, name, Path.class);
    Optional<Path> key = of(values, Family.ORIGIN_TLS_KEY, name, Path.class);
    return new OriginTls(
            of(values, Family.ORIGIN_TLS_CA, name, Path.class),
            chain.flatMap(shown -> key.map(secret -> new Tls(shown, secret))),
            of(values, Family.ORIGIN_TLS_SERVER_NAME, name, String.class))
        .or(originTls(values));
  }

  private static <T> Optional<T> of(Values values, Family family, String name, Class<T> type) {
    return Optional.ofNullable(values.all(family, type).get(name));
  }

  private static Optional<Path> path(Values values, Key key) {
    return values.find(key, Path.class);
  }

  private static Optional<Tls> pair(Values values, Key certificate, Key key) {
    return path(values, certificate)
        .flatMap(chain -> path(values, key).map(secret -> new Tls(chain, secret)));
  }
}
