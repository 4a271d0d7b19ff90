package dev.plumbline.agent.admin;

import dev.plumbline.agent.config.SecuritySettings;
import dev.plumbline.agent.config.TokenFile;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who somebody on the admin port is: by a bearer token (RFC 6750, in the {@code Authorization}
 * header only) or by a client certificate, which acts. Tokens are kept as digests and compared in
 * constant time. Thread-safe.
 */
public final class AdminAccess {
  private static final Logger LOG = LoggerFactory.getLogger(AdminAccess.class);
  private static final String SCHEME = "bearer ";
  private static final int LONGEST_HEADER = 600;

  /** What somebody may do. */
  enum Role {
    /** He showed nothing. */
    NOBODY,
    /** He showed something that is worth nothing. */
    WRONG,
    READ,
    OPERATE
  }

  private record Tokens(Optional<byte[]> read, Optional<byte[]> operate) {}

  private final SecuritySettings.Admin settings;
  private volatile Tokens tokens;

  /**
   * @throws IllegalArgumentException if a token file is not as it should be
   */
  public AdminAccess(SecuritySettings.Admin settings) {
    this.settings = settings;
    this.tokens = read(settings);
  }

  private static Tokens read(SecuritySettings.Admin settings) {
    return new Tokens(
        settings.readToken().map(AdminAccess::token),
        settings.operateToken().map(AdminAccess::token));
  }

  private static byte[] token(Path file) {
    return digest(TokenFile.read(file));
  }

  /**
   * Takes the tokens that are in the files now; those in force stay if one cannot be read.
   *
   * @return whether another token counts than before
   */
  public boolean reread() {
    try {
      Tokens before = tokens;
      tokens = read(settings);
      return !equal(before.read(), tokens.read()) || !equal(before.operate(), tokens.operate());
    } catch (RuntimeException e) {
      LOG.error("the tokens of the admin port stay as they were: {}", e.getMessage());
      return false;
    }
  }

  private static boolean equal(Optional<byte[]> before, Optional<byte[]> now) {
    return Arrays.equals(before.orElse(null), now.orElse(null));
  }

  /** Whether anybody is asked at all. */
  boolean asks() {
    return settings.asks();
  }

  /** Whether anybody was let in by the operator's word. */
  boolean insecure() {
    return settings.insecure();
  }

  /** Whether /metrics is everybody's. */
  boolean openMetrics() {
    return settings.openMetrics();
  }

  Role of(HttpServerRequest request) {
    Role shown = byToken(request.getHeader("authorization"));
    boolean certified =
        settings.clientCa().isPresent() && certified(request.connection().sslSession());
    return certified ? Role.OPERATE : shown;
  }

  private Role byToken(String header) {
    if (header == null) {
      return Role.NOBODY;
    }
    if (header.length() > LONGEST_HEADER
        || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Role.WRONG;
    }
    byte[] shown = digest(header.substring(SCHEME.length()).strip());
    Tokens now = tokens;
    boolean operates = same(now.operate(), shown);
    boolean reads = same(now.read(), shown);
    return operates ? Role.OPERATE : reads ? Role.READ : Role.WRONG;
  }

  private static boolean same(Optional<byte[]> wanted, byte[] shown) {
    return wanted.isPresent() && MessageDigest.isEqual(wanted.get(), shown);
  }

  /** The handshake refuses a certificate that the CA did not sign, so one that is there is good. */
  private static boolean certified(SSLSession session) {
    try {
      return session != null && session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException none) {
      return false;
    }
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
    }
  }
}
