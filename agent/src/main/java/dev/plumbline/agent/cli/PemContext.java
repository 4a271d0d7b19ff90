package dev.plumbline.agent.cli;

import dev.plumbline.core.Check;
import dev.plumbline.core.sign.PrivateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The TLS of a command that asks an agent, from PEM files. */
final class PemContext {
  private static final char[] NO_PASSWORD = new char[0];
  private static final long SIZE_LIMIT = 1 << 20;

  private PemContext() {}

  /**
   * @param ca whose certificates count; absent for the JDK's
   * @param chain what is shown; absent for nothing
   * @param key PKCS #8 of the chain
   * @throws CommandFailure {@link ExitCode#USAGE} if a file does not hold what it should
   */
  static SSLContext of(Optional<Path> ca, Optional<Path> chain, Optional<Path> key) {
    try {
      Check.that(
          chain.isPresent() == key.isPresent(),
          "--certificate-key",
          "both or none of --certificate and --certificate-key",
          "one",
          "give the other");
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          chain.isPresent() ? own(chain.get(), key.orElseThrow()) : new KeyManager[0],
          ca.isPresent() ? trusting(ca.get()) : null,
          null);
      return context;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "certificates: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trusting(Path ca) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    int number = 0;
    for (Certificate each : certificates(ca)) {
      store.setCertificateEntry("ca" + number++, each);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] own(Path chain, Path key)
      throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    store.setKeyEntry(
        "own", key(key), NO_PASSWORD, certificates(chain).toArray(Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = new ByteArrayInputStream(bytes(file))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    PrivateFiles.require("private key", file);
    String text = new String(bytes(file), StandardCharsets.US_ASCII);
    String body = text.replaceAll("-----[A-Z ]+-----", "");
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException another) {
        // One of the others, then.
      }
    }
    throw new InvalidKeySpecException("wanted a PKCS #8 key of EC, RSA or Ed25519 in " + file);
  }

  private static byte[] bytes(Path file) throws IOException {
    Check.that(
        Files.size(file) <= SIZE_LIMIT, file.toString(), "a PEM file", "a large one", "check it");
    return Files.readAllBytes(file);
  }
}
