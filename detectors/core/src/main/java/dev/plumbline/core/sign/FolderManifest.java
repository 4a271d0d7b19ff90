package dev.plumbline.core.sign;

import dev.plumbline.core.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is in a flat folder, in one text that two machines write alike: the line {@code
 * plumbline-manifest-v1}, then for each file, by name, {@code SHA256 BYTES NAME} and a line feed.
 * The signature's own file is left out, and so are names that begin with a dot, which is how
 * Kubernetes keeps a mounted ConfigMap's versions. Immutable, any thread.
 */
public final class FolderManifest {
  private static final String HEAD = "plumbline-manifest-v1\n";
  private static final int MOST_FILES = 64;
  private static final int LONGEST_NAME = 255;

  private final Map<String, Entry> files;

  private FolderManifest(Map<String, Entry> files) {
    this.files = files;
  }

  /**
   * @param bytes its length
   * @param sha256 lower-case hex
   */
  private record Entry(long bytes, String sha256) {}

  /**
   * Reads every file of {@code folder} once.
   *
   * @throws IllegalArgumentException if there is none, more than 64, a folder among them, or a name
   *     with characters other than letters, digits, {@code . _ -}
   * @throws UncheckedIOException if it cannot be read
   */
  public static FolderManifest of(Path folder) {
    Map<String, Entry> files = new TreeMap<>();
    try {
      for (Path file : files(folder)) {
        files.put(file.getFileName().toString(), entry(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("folder " + folder + ": cannot be read", e);
    }
    Check.that(!files.isEmpty(), "folder " + folder, "files", "none", "give an artefact's folder");
    return new FolderManifest(files);
  }

  /** The files a manifest of this folder names, unordered; none is opened. */
  private static List<Path> files(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        String name = file.getFileName().toString();
        if (name.startsWith(".") || name.equals(FolderSignature.FILE)) {
          continue;
        }
        Check.that(
            Files.isRegularFile(file) && plain(name),
            "folder " + folder,
            "files with plain names, no folders",
            name.length() <= LONGEST_NAME ? shown(name) : "a name that long",
            "take it out of the folder");
        found.add(file);
        Check.that(
            found.size() <= MOST_FILES,
            "folder " + folder,
            "at most " + MOST_FILES + " files",
            "more",
            "give an artefact's folder");
      }
    }
    return found;
  }

  private static boolean plain(String name) {
    return name.length() <= LONGEST_NAME
        && name.chars()
            .allMatch(
                c ->
                    c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || c == '.'
                        || c == '_'
                        || c == '-');
  }

  private static String shown(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  private static Entry entry(Path file) throws IOException {
    MessageDigest digest = sha256();
    long bytes = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        bytes += read;
      }
    }
    return new Entry(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /** The names, in order. */
  public List<String> names() {
    return List.copyOf(files.keySet());
  }

  /** Bytes of all files together. */
  public long bytes() {
    return files.values().stream().mapToLong(Entry::bytes).sum();
  }

  /** Lower-case hex by name. */
  public Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    files.forEach((name, entry) -> digests.put(name, entry.sha256()));
    return Collections.unmodifiableMap(digests);
  }

  /** The text that is signed, in UTF-8; a new array. */
  public byte[] text() {
    StringBuilder text = new StringBuilder(HEAD);
    files.forEach(
        (name, entry) ->
            text.append(entry.sha256())
                .append(' ')
                .append(entry.bytes())
                .append(' ')
                .append(name)
                .append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The folder's own name by content: the SHA-256 of {@link #text}, lower-case hex. */
  public String digest() {
    return HexFormat.of().formatHex(sha256().digest(text()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
    }
  }
}
