package dev.plumbline.learn.organism;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The directions learned on an organism: {@code directions/NAME.direction/} and an index of their
 * files' SHA-256, since they are not part of what a training must reproduce bit for bit.
 */
public final class ShippedDirections {
  /** The index, relative to the organism's folder. */
  static final String INDEX = "directions/files.json";

  private ShippedDirections() {}

  /** Writes the index of what stands in an organism's folder. */
  public static void index(OrganismFolder folder) {
    Path directions = folder.root().resolve("directions");
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directions)) {
      walk.filter(Files::isRegularFile)
          .map(file -> folder.root().relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.equals(INDEX))
          .forEach(name -> files.put(name, OrganismFolder.sha(folder.root().resolve(name))));
      Files.write(
          folder.root().resolve(INDEX),
          RecipeFile.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(files));
    } catch (IOException e) {
      throw new UncheckedIOException("could not index " + directions, e);
    }
  }

  /** The index inside the build; empty where none ships. */
  static Map<String, String> shipped(String root) {
    try (InputStream in = ShippedDirections.class.getResourceAsStream(root + INDEX)) {
      return in == null
          ? Map.of()
          : RecipeFile.MAPPER.readValue(in, new TypeReference<TreeMap<String, String>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException("the shipped directions' index is broken; build again", e);
    }
  }
}
