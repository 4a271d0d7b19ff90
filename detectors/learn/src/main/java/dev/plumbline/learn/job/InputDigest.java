package dev.plumbline.learn.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The SHA-256 of an input. A folder's is over the names and sizes of its files, and the content of
 * those up to 1 MiB; of larger ones, as of a file beyond 256 MiB, it is over the size and sixteen
 * pieces of 64 KiB from beginning to end: what a slip would change (another finetune's weights,
 * whose header and first table are the same), not what an adversary would.
 */
final class InputDigest {
  private static final long LARGE = 256L << 20;
  private static final long SMALL = 1 << 20;
  private static final int PIECE = 1 << 16;
  private static final int PIECES = 16;

  private InputDigest() {}

  static String of(Path path) {
    MessageDigest sha = sha();
    try {
      if (Files.isDirectory(path)) {
        for (Path file : files(path)) {
          add(sha, path.relativize(file).toString() + ":" + Files.size(file));
          content(sha, file, SMALL);
        }
      } else {
        content(sha, path, LARGE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + path, e);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void content(MessageDigest sha, Path file, long most) throws IOException {
    if (Files.size(file) > most) {
      pieces(sha, file);
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      new DigestInputStream(in, sha).transferTo(OutputStream.nullOutputStream());
    }
  }

  private static void pieces(MessageDigest sha, Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      add(sha, Long.toString(in.length()));
      byte[] piece = new byte[PIECE];
      for (int i = 0; i < PIECES; i++) {
        in.seek(i * ((in.length() - PIECE) / (PIECES - 1)));
        in.readFully(piece);
        sha.update(piece);
      }
    }
  }

  private static void add(MessageDigest sha, String text) {
    sha.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
