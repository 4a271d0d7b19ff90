package dev.plumbline.learn.shards;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of what an adapter does: its configuration and weights, not its model card. */
final class AdapterDigest {
  private static final List<String> FILES =
      List.of("adapter_config.json", "adapter_model.safetensors");

  private AdapterDigest() {}

  static String of(Path folder) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (String name : FILES) {
        try (InputStream in =
            new DigestInputStream(Files.newInputStream(folder.resolve(name)), sha)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the adapter " + folder + ": " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
