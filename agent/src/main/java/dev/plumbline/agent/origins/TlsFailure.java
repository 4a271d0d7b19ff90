package dev.plumbline.agent.origins;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a connection to an origin over TLS came to nothing. */
public enum TlsFailure {
  /** Nobody signed its certificate who is trusted to. */
  UNTRUSTED("a certificate that nobody signed who is trusted to (tls.ca)"),
  /** Its certificate is not of the name that was asked for. */
  NAME("a certificate of another name (tls.server-name)"),
  /** It ended the handshake: mostly, since it does not know the agent. */
  REFUSED("that the server ended the TLS handshake: it may want a certificate (tls.certificate)"),
  /** Anything else: no TLS on the other side, no version or cipher in common. */
  OTHER("a TLS handshake that failed");

  /** Causes of causes may go round. */
  private static final int DEEPEST = 16;

  private final String found;

  TlsFailure(String found) {
    this.found = found;
  }

  /** The word in metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What kind of failure of TLS it is; empty for one of another kind. */
  public static Optional<TlsFailure> of(Throwable failure) {
    Optional<TlsFailure> kind = Optional.empty();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
      if (cause instanceof CertPathBuilderException
          || cause instanceof CertPathValidatorException) {
        return Optional.of(UNTRUSTED);
      }
      if (cause instanceof CertificateException && !has(cause, "PKIX")) {
        kind = Optional.of(has(cause, "name") ? NAME : OTHER);
      } else if (kind.isEmpty() && cause instanceof SSLException) {
        kind = Optional.of(has(cause, "fatal alert") ? REFUSED : OTHER);
      }
    }
    return kind;
  }

  /** What was found instead of an answer, for a person. */
  public static String words(Throwable failure) {
    String said = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return of(failure)
        .map(kind -> kind == OTHER ? kind.found + ": " + said : kind.found)
        .orElse(said);
  }

  private static boolean has(Throwable cause, String word) {
    return cause.getMessage() != null && cause.getMessage().contains(word);
  }
}
