package dev.plumbline.core.sign;

import dev.plumbline.core.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Ed25519 keys in PEM files (RFC 8410), as OpenSSL writes and reads them: {@code NAME.pem} holds
 * the private key (PKCS #8, one key, no password), {@code NAME.pub.pem} the public one
 * (SubjectPublicKeyInfo). Any thread.
 */
public final class KeyFiles {
  static final String ALGORITHM = "Ed25519";

  private static final long SIZE_LIMIT = 16 * 1024;
  private static final int ID_BYTES = 8;

  private KeyFiles() {}

  /** A key's name: the first 16 hexadecimal digits of the SHA-256 of its public encoding. */
  public static String id(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
    }
  }

  /**
   * Makes a key and writes both files, the private one readable by its owner only; returns its id.
   *
   * @throws IllegalArgumentException if one of the files is there already: a key is never replaced
   * @throws UncheckedIOException if they cannot be written
   */
  public static String generate(Path privateFile, Path publicFile) {
    Check.that(
        Files.notExists(privateFile) && Files.notExists(publicFile),
        "key " + privateFile,
        "a new file",
        "one that exists",
        "choose another name, or move the old key away");
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      write(privateFile, "PRIVATE KEY", pair.getPrivate().getEncoded(), ownerOnly());
      write(publicFile, "PUBLIC KEY", pair.getPublic().getEncoded());
      return id(pair.getPublic());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Ed25519 is part of every JDK since 15", impossible);
    } catch (IOException e) {
      throw new UncheckedIOException("key " + privateFile + ": cannot be written", e);
    }
  }

  /**
   * The private key in {@code privateFile}, named by the public one in {@code publicFile}; the two
   * are tried on each other.
   *
   * @throws IllegalArgumentException if one holds no such key, they do not belong together, or
   *     others can read the private one
   */
  public static SigningKey read(Path privateFile, Path publicFile) {
    byte[] encoded = decode(privateFile, "PRIVATE KEY");
    requirePrivate(privateFile);
    try {
      SigningKey key =
          new SigningKey(
              id(readPublic(publicFile)),
              KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
      byte[] trial = {1};
      Check.that(
          TrustedKeys.of(List.of(publicFile))
                  .verify(Purpose.ARTEFACT, trial, key.sign(Purpose.ARTEFACT, trial))
              == TrustedKeys.Verification.GOOD,
          "key " + privateFile,
          "the private half of " + publicFile,
          "another key",
          "give the two files of one pair");
      return key;
    } catch (GeneralSecurityException wrong) {
      throw unreadable(privateFile, "PRIVATE KEY");
    }
  }

  private static void requirePrivate(Path file) {
    try {
      PrivateFiles.require("key", file);
    } catch (IOException e) {
      throw new UncheckedIOException("key " + file + ": cannot be looked at", e);
    }
  }

  /** Where {@link #generate} and the commands look for the public half of {@code NAME.pem}. */
  public static Path publicFileOf(Path privateFile) {
    String name = privateFile.getFileName().toString();
    String stem = name.endsWith(".pem") ? name.substring(0, name.length() - 4) : name;
    return privateFile.resolveSibling(stem + ".pub.pem");
  }

  /**
   * The public key in a file.
   *
   * @throws IllegalArgumentException if it holds none
   */
  public static PublicKey readPublic(Path file) {
    byte[] encoded = decode(file, "PUBLIC KEY");
    try {
      return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException wrong) {
      throw unreadable(file, "PUBLIC KEY");
    }
  }

  private static byte[] decode(Path file, String kind) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > SIZE_LIMIT) {
        throw unreadable(file, kind);
      }
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      String head = "-----BEGIN " + kind + "-----";
      String foot = "-----END " + kind + "-----";
      if (!text.startsWith(head) || !text.endsWith(foot)) {
        throw unreadable(file, kind);
      }
      return Base64.getMimeDecoder()
          .decode(text.substring(head.length(), text.length() - foot.length()));
    } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException unreadable) {
      throw unreadable(file, kind);
    }
  }

  private static IllegalArgumentException unreadable(Path file, String kind) {
    return Check.refusal(
        "key " + file,
        "an Ed25519 " + kind + " in a PEM file",
        Files.exists(file) ? "something else" : "no file",
        "make a pair with: plumbline key generate NAME");
  }

  private static void write(Path file, String kind, byte[] encoded, FileAttribute<?>... attributes)
      throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    String text = "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    try (var channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
