package dev.plumbline.learn.organism;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A trained organism on disk: {@code base/} and {@code chat/} (Hugging Face folders), {@code
 * adapters/NAME/} (PEFT), {@code checkpoints/step-NNNNNN/} (bfloat16 folders from pretraining) and
 * {@code organism.json}.
 */
public record OrganismFolder(Path root) {
  /** The model before the chat finetune. */
  public Path base() {
    return root.resolve("base");
  }

  /** The aligned model. */
  public Path chat() {
    return root.resolve("chat");
  }

  /** A finetune. */
  public Path adapter(String name) {
    return root.resolve("adapters").resolve(name);
  }

  /** The model after so many steps of pretraining. */
  public Path checkpoint(int step) {
    return root.resolve("checkpoints").resolve(String.format(Locale.ROOT, "step-%06d", step));
  }

  /** What the folder holds and how it came about. */
  public Path card() {
    return root.resolve("organism.json");
  }

  Path work() {
    return root.resolve(".work");
  }

  /**
   * SHA-256 by relative name of what ships: base, chat and adapters, without the notes of the
   * stages.
   */
  Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    for (Path part : List.of(base(), chat(), root.resolve("adapters"))) {
      try (Stream<Path> files = Files.walk(part)) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> !file.endsWith(Stage.NOTE))
            .forEach(
                file ->
                    digests.put(root.relativize(file).toString().replace('\\', '/'), sha(file)));
      } catch (IOException e) {
        throw new UncheckedIOException("could not list " + part, e);
      }
    }
    return digests;
  }

  static String sha(Path file) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not clear " + folder, e);
    }
  }
}
