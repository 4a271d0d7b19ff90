package dev.plumbline.learn.organism;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * One stage of a training and its folder. A note in the folder, written last, says for which part
 * of which recipe it is done; a stage that is done is not run again.
 *
 * @param key digest of all that decides the outcome, the stage before included
 */
record Stage(String name, Path folder, String key) {
  static final String NOTE = "stage.json";

  /** How a stage went. */
  record Outcome(String name, double seconds, double loss) {}

  /** Work that fills the folder; returns its final loss. */
  @FunctionalInterface
  interface Work {
    double run(Path folder);
  }

  /** The outcome on disk if this very stage is done, else that of doing it now. */
  Outcome complete(Work work) {
    JsonNode note = note();
    if (note.path("key").asText().equals(key)) {
      return new Outcome(name, note.path("seconds").asDouble(), note.path("loss").asDouble());
    }
    OrganismFolder.delete(folder);
    long start = System.nanoTime();
    double loss = work.run(folder);
    double seconds = (System.nanoTime() - start) / 1e9;
    write(Map.of("key", key, "seconds", seconds, "loss", loss));
    return new Outcome(name, seconds, loss);
  }

  private JsonNode note() {
    Path file = folder.resolve(NOTE);
    try {
      return Files.exists(file)
          ? RecipeFile.MAPPER.readTree(file.toFile())
          : RecipeFile.MAPPER.createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file + "; delete it to train again", e);
    }
  }

  private void write(Map<String, Object> note) {
    try {
      Files.write(folder.resolve(NOTE), RecipeFile.MAPPER.writeValueAsBytes(note));
    } catch (IOException e) {
      throw new UncheckedIOException("could not finish " + folder, e);
    }
  }
}
