package dev.plumbline.agent;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for localhost that signs itself, for the tests of the security package. */
public record PemFiles(Path folder, Path chain, Path key) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Makes one in a new folder. */
  public static PemFiles make(Path folder) throws Exception {
    Certificates made = Certificates.make(Files.createDirectories(folder));
    return new PemFiles(folder, made.chain(), made.key());
  }

  private Certificate certificate() throws Exception {
    try (InputStream in = Files.newInputStream(chain)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /** A client that shows nothing. */
  public static SSLContext trusting(PemFiles... server) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust(server).getTrustManagers(), null);
    return context;
  }

  /** A client that shows this. */
  public SSLContext showing(PemFiles server) throws Exception {
    KeyStore own = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
      own.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust(server).getTrustManagers(), null);
    return context;
  }

  /** The certificate in DER's hexadecimal. */
  public String der() {
    try {
      return java.util.HexFormat.of().formatHex(certificate().getEncoded());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustManagerFactory trust(PemFiles... servers) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < servers.length; i++) {
      store.setCertificateEntry("ca" + i, servers[i].certificate());
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory;
  }
}
