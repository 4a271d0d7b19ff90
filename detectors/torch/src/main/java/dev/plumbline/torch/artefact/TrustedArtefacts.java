package dev.plumbline.torch.artefact;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.sign.FolderManifest;
import dev.plumbline.core.sign.FolderSignature;
import dev.plumbline.core.sign.FolderSignature.Status;
import dev.plumbline.core.sign.FolderSignature.Verified;
import dev.plumbline.core.sign.TrustedKeys;
import dev.plumbline.torch.cli.NotFittingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Reads artefacts of which somebody trusted says that they are as they left him. Without trusted
 * keys every artefact is read, and its signature is told as {@link Status#UNKNOWN_KEY} or {@link
 * Status#UNSIGNED}. Immutable, any thread.
 *
 * <p>With keys a folder is copied to a private place, and the copy is verified and read: what was
 * signed is what is used, whoever may write to the folder in between.
 */
public final class TrustedArtefacts {
  private static final long MOST_BYTES = (1L << 30) + (1 << 24);

  private final TrustedKeys keys;
  private final BiConsumer<Path, Verified> seen;

  /**
   * @param keys whose signatures count; none: anything is read
   * @param seen told of each folder and what its signature is worth, before it is read or refused
   */
  public TrustedArtefacts(TrustedKeys keys, BiConsumer<Path, Verified> seen) {
    this.keys = Objects.requireNonNull(keys, "keys");
    this.seen = Objects.requireNonNull(seen, "seen");
  }

  /** Reads anything, tells nobody. */
  public static TrustedArtefacts any() {
    return new TrustedArtefacts(TrustedKeys.NONE, (folder, verified) -> {});
  }

  /** Whether an artefact needs a good signature here. */
  public boolean wanted() {
    return !keys.isEmpty();
  }

  /**
   * What was read.
   *
   * @param digest SHA-256 of the {@code direction.json} that was read, 64 hex digits
   */
  public record Opened(Artefact artefact, String digest) {
    private static Opened of(Path folder) {
      return new Opened(ArtefactFolder.read(folder), ArtefactFolder.digest(folder));
    }
  }

  /**
   * Reads a folder.
   *
   * @throws NotFittingException if a signature is wanted and it has no good one
   * @throws dev.plumbline.torch.checkpoint.file.BadFileException as {@link ArtefactFolder#read}
   */
  public Opened open(Path folder) {
    if (!wanted()) {
      Opened opened = Opened.of(folder);
      seen.accept(folder, FolderSignature.verify(folder, keys));
      return opened;
    }
    try {
      return readCopy(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("artefact " + folder + ": could not be copied", e);
    }
  }

  /** The same of the artefact alone. */
  public Artefact read(Path folder) {
    return open(folder).artefact();
  }

  private Opened readCopy(Path folder) throws IOException {
    Path copy = Files.createTempDirectory("plumbline-artefact");
    try {
      Optional<Verified> noFolder = copy(folder, copy);
      Verified found = noFolder.orElseGet(() -> FolderSignature.verify(copy, keys));
      seen.accept(folder, found);
      if (!found.good()) {
        throw refusal(folder, found);
      }
      return Opened.of(copy);
    } finally {
      delete(copy);
    }
  }

  /** Copies what a manifest names and the signature; a verdict where there is nothing to copy. */
  private static Optional<Verified> copy(Path folder, Path copy) throws IOException {
    FolderManifest manifest;
    try {
      manifest = FolderManifest.of(folder);
    } catch (IllegalArgumentException noFlatFolder) {
      return Optional.of(new Verified(Status.BAD, Optional.empty(), "", noFlatFolder.getMessage()));
    }
    if (manifest.bytes() > MOST_BYTES) {
      return Optional.of(
          new Verified(Status.BAD, Optional.empty(), "", "wanted at most 1 GiB, found more"));
    }
    for (String name : manifest.names()) {
      Files.copy(folder.resolve(name), copy.resolve(name));
    }
    Path signature = folder.resolve(FolderSignature.FILE);
    if (Files.isRegularFile(signature)) {
      Files.copy(signature, copy.resolve(FolderSignature.FILE));
    }
    return Optional.empty();
  }

  private NotFittingException refusal(Path folder, Verified found) {
    return new NotFittingException(
        "artefact "
            + folder
            + ": wanted a signature of one of the keys "
            + keys.ids()
            + " (direction.trusted-keys), found: "
            + found.why()
            + found.keyId().map(id -> " (key " + id + ")").orElse("")
            + "; sign it with: plumbline direction sign "
            + folder
            + " --key NAME.pem");
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : List.copyOf(files.toList())) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
