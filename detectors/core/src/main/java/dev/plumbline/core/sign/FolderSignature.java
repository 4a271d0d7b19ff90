package dev.plumbline.core.sign;

import dev.plumbline.core.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The signature on a folder: {@code direction.sig} in it, one line {@code KEYID:BASE64} over the
 * folder's {@link FolderManifest}. Whoever changes, adds or takes away a file breaks it.
 */
public final class FolderSignature {
  /** The signature's own file. */
  public static final String FILE = "direction.sig";

  private static final long SIZE_LIMIT = 1024;

  private FolderSignature() {}

  /**
   * Signs what is in {@code folder} now and writes {@link #FILE}; one that is there is replaced.
   *
   * @throws IllegalArgumentException if the folder is no flat one, see {@link FolderManifest#of}
   * @throws UncheckedIOException if it cannot be read or written
   */
  public static FolderManifest sign(Path folder, SigningKey key) {
    FolderManifest manifest = FolderManifest.of(folder);
    String line = key.sign(Purpose.ARTEFACT, manifest.text()).text() + "\n";
    Path part = folder.resolve("." + FILE + ".part");
    try {
      Files.writeString(part, line, StandardCharsets.US_ASCII);
      move(part, folder.resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException("folder " + folder + ": cannot be signed", e);
    }
    return manifest;
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * What the signature in {@code folder} is worth for what is there now. Never throws for what
   * somebody put there: that is {@link Status#BAD}.
   *
   * @throws UncheckedIOException if the folder cannot be read
   */
  public static Verified verify(Path folder, TrustedKeys trusted) {
    FolderManifest manifest;
    try {
      manifest = FolderManifest.of(folder);
    } catch (IllegalArgumentException noFlatFolder) {
      return new Verified(Status.BAD, Optional.empty(), "", noFlatFolder.getMessage());
    }
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return new Verified(
          Status.UNSIGNED, Optional.empty(), manifest.digest(), "not signed, no " + FILE);
    }
    try {
      Signature signature = Signature.parse(line(file));
      Status status = Status.of(trusted.verify(Purpose.ARTEFACT, manifest.text(), signature));
      return new Verified(
          status, Optional.of(signature.keyId()), manifest.digest(), status.explanation);
    } catch (IllegalArgumentException noSignature) {
      return new Verified(
          Status.BAD, Optional.empty(), manifest.digest(), noSignature.getMessage());
    }
  }

  private static String line(Path file) {
    try {
      Check.that(
          Files.isRegularFile(file) && Files.size(file) <= SIZE_LIMIT,
          file.toString(),
          "one line",
          "something else",
          "sign it anew");
      return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
  }

  /** What a folder's signature is worth. */
  public enum Status {
    SIGNED("signed by a trusted key"),
    UNSIGNED("not signed"),
    BAD("the signature is not one on these files"),
    UNKNOWN_KEY("signed by a key that is not trusted");

    private final String explanation;

    Status(String explanation) {
      this.explanation = explanation;
    }

    private static Status of(TrustedKeys.Verification found) {
      return switch (found) {
        case GOOD -> SIGNED;
        case BAD -> BAD;
        case UNKNOWN_KEY -> UNKNOWN_KEY;
      };
    }

    /** As labels and JSON have it. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param keyId who signed, as the signature claims; absent without a readable signature
   * @param digest the manifest's; empty where there is none
   * @param why for a person
   */
  public record Verified(Status status, Optional<String> keyId, String digest, String why) {
    public Verified {
      Objects.requireNonNull(status, "status");
      Objects.requireNonNull(keyId, "keyId");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(why, "why");
    }

    /** Whether a trusted key signed just this. */
    public boolean good() {
      return status == Status.SIGNED;
    }
  }
}
