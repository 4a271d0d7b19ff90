package dev.plumbline.agent.config;

import dev.plumbline.agent.config.SecuritySettings.OriginTls;
import dev.plumbline.core.Check;
import dev.plumbline.core.sign.PrivateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Certificates and private keys in PEM files (RFC 7468): what can be said of them before they are
 * used. A private key that others can read is none ({@link PrivateFiles}).
 */
public final class TlsFiles {
  private static final long SIZE_LIMIT = 1 << 20;
  private static final Pattern KEY = Pattern.compile("-----BEGIN ((RSA|EC) )?PRIVATE KEY-----");

  private final List<Mistake> mistakes = new ArrayList<>();

  /** Of several origins with the same files one is enough to be told of. */
  private final Set<Path> seen = new HashSet<>();

  private TlsFiles() {}

  /**
   * Reads all that a configuration names. Reads files, so not on an event loop. A start needs it; a
   * reload does not, which keeps what it has where the files are not good.
   *
   * @throws ConfigException with every one that is not what it should be
   */
  public static void require(AgentConfig config) {
    TlsFiles files = new TlsFiles();
    SecuritySettings security = config.security();
    files.pair("tls.", config.tls());
    files.ca("tls.client-ca", security.clientCa());
    files.pair("admin.tls.", security.admin().tls());
    files.ca("admin.tls.client-ca", security.admin().clientCa());
    files.origin("origin.tls.", security.origin());
    for (Origins.Named each : config.origins().all()) {
      files.origin("origins." + each.name() + ".tls.", each.settings().tls());
    }
    if (!files.mistakes.isEmpty()) {
      throw new ConfigException(files.mistakes);
    }
  }

  /**
   * The bytes of a file of one certificate or more, each of which can be read.
   *
   * @throws IllegalArgumentException if they are none
   * @throws UncheckedIOException if the file cannot be read
   */
  public static byte[] certificates(Path file) {
    byte[] bytes = bytes(file);
    try {
      int found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))
              .size();
      Check.that(found > 0, file.toString(), "certificates in PEM", "none", "check the file");
      return bytes;
    } catch (CertificateException e) {
      throw Check.refusal(
          file.toString(), "certificates in PEM", "something else", "check the file");
    }
  }

  /**
   * The bytes of a file with a private key, which others cannot read; never part of a message.
   *
   * @throws IllegalArgumentException if it is none, or they can
   * @throws UncheckedIOException if the file cannot be read
   */
  public static byte[] key(Path file) {
    byte[] bytes = bytes(file);
    try {
      PrivateFiles.require("private key", file);
    } catch (IOException e) {
      throw new UncheckedIOException("private key " + file + ": cannot be looked at", e);
    }
    Check.that(
        KEY.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).find(),
        "private key " + file,
        "a PEM private key without a password",
        "something else",
        "convert it with: openssl pkcs8 -topk8 -nocrypt");
    return bytes;
  }

  private static byte[] bytes(Path file) {
    try {
      Check.that(
          Files.isRegularFile(file) && Files.size(file) <= SIZE_LIMIT,
          file.toString(),
          "a PEM file of at most 1 MiB",
          "another",
          "check the path");
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
  }

  private void origin(String prefix, OriginTls tls) {
    ca(prefix + "ca", tls.ca());
    pair(prefix, tls.own());
  }

  private void ca(String key, Optional<Path> file) {
    file.ifPresent(path -> look(key, path, TlsFiles::certificates));
  }

  private void pair(String prefix, Optional<AgentConfig.Tls> own) {
    own.ifPresent(
        files -> {
          look(prefix + "certificate", files.certificate(), TlsFiles::certificates);
          look(prefix + "key", files.key(), TlsFiles::key);
        });
  }

  private void look(String key, Path file, Consumer<Path> reads) {
    if (seen.add(file)) {
      try {
        reads.accept(file);
      } catch (IllegalArgumentException | UncheckedIOException e) {
        mistakes.add(new Mistake(key, "file", "a file of no use", e.getMessage()));
      }
    }
  }
}
