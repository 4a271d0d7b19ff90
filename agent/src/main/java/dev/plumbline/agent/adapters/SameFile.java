package dev.plumbline.agent.adapters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/**
 * Whether a file a server names is the wanted adapter: by its path, or, where the agent sees both
 * files, by their SHA-256. Digests are kept by path, size and time of change.
 */
final class SameFile implements BiPredicate<String, WantedAdapter> {
  private static final int MOST_KEPT = 256;
  private static final long MOST_BYTES = 4L << 30;

  private final Optional<Path> own;
  private final Map<String, byte[]> digests = new ConcurrentHashMap<>();

  /**
   * @param own the adapter as the agent sees it
   */
  SameFile(Optional<Path> own) {
    this.own = own.filter(Files::isRegularFile);
  }

  @Override
  public boolean test(String served, WantedAdapter wanted) {
    if (served.isEmpty() || wanted.path().isEmpty()) {
      return false;
    }
    return served.equals(wanted.path()) || own.filter(file -> sameBytes(served, file)).isPresent();
  }

  private boolean sameBytes(String served, Path file) {
    try {
      Path there = Path.of(served);
      return there.isAbsolute()
          && Files.isRegularFile(there)
          && Files.size(there) == Files.size(file)
          && Files.size(file) <= MOST_BYTES
          && Arrays.equals(digest(there), digest(file));
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  private byte[] digest(Path file) throws IOException {
    String key = file + "|" + Files.size(file) + "|" + Files.getLastModifiedTime(file);
    byte[] kept = digests.get(key);
    if (kept == null) {
      kept = sha256(file);
      if (digests.size() >= MOST_KEPT) {
        digests.clear();
      }
      digests.put(key, kept);
    }
    return kept;
  }

  private static byte[] sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] piece = new byte[1 << 16];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        digest.update(piece, 0, n);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
