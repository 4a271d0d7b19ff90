package dev.plumbline.learn.organism;

import dev.plumbline.core.spi.BundledModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * The organism inside the build, under {@code /organism/shipped/}, unpacked once into the user's
 * cache and checked against the digests of its card each time.
 */
public final class ShippedOrganism implements BundledModel {
  private static final String ROOT = "/organism/shipped/";
  private static final String CARD = "organism.json";

  /** Made by ServiceLoader. */
  public ShippedOrganism() {}

  @Override
  public String name() {
    return "organism";
  }

  /** Whether this build has one. */
  public boolean present() {
    return ShippedOrganism.class.getResource(ROOT + CARD) != null;
  }

  @Override
  public Path folder() {
    if (!present()) {
      throw new IllegalStateException(
          "organism: wanted one inside this build, found none; train one with `plumbline organism"
              + " train --out DIR` and name DIR");
    }
    OrganismCard card;
    try (InputStream in = ShippedOrganism.class.getResourceAsStream(ROOT + CARD)) {
      card = RecipeFile.MAPPER.readValue(in, OrganismCard.class);
    } catch (IOException e) {
      throw new UncheckedIOException("the shipped organism's card is broken; build again", e);
    }
    Map<String, String> directions = ShippedDirections.shipped(ROOT);
    String digest = RecipeFile.digest(card.files(), directions).substring(0, 16);
    Path folder = cache().resolve("organism-" + digest);
    card.files().forEach((name, sha) -> unpack(folder, name, sha));
    directions.forEach((name, sha) -> unpack(folder, name, sha));
    copy(folder.resolve(CARD), CARD);
    return folder;
  }

  private static Path cache() {
    String home = System.getenv("XDG_CACHE_HOME");
    return home != null && !home.isBlank()
        ? Path.of(home, "plumbline")
        : Path.of(System.getProperty("user.home"), ".cache", "plumbline");
  }

  private static void unpack(Path folder, String name, String sha) {
    Path file = folder.resolve(name);
    if (!Files.exists(file) || !OrganismFolder.sha(file).equals(sha)) {
      copy(file, name);
      if (!OrganismFolder.sha(file).equals(sha)) {
        throw new IllegalStateException(
            "shipped organism, "
                + name
                + ": wanted "
                + Map.of("sha256", sha)
                + ", found "
                + OrganismFolder.sha(file)
                + "; build again");
      }
    }
  }

  private static void copy(Path file, String name) {
    try (InputStream in = ShippedOrganism.class.getResourceAsStream(ROOT + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "shipped organism: wanted " + name + ", found none in this build; build again");
      }
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), "unpack", ".part");
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("could not unpack " + name + " to " + file, e);
    }
  }
}
