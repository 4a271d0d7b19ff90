package dev.plumbline.learn.ability.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.data.Utf8File;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** What the readers of this package share: rows with the place they come from. */
final class Rows {
  private static final int MOST_FILES = 100_000;

  private Rows() {}

  /** A row of a CSV file and its first line. */
  record Csv(Path file, long line, CSVRecord values) {
    void require(boolean holds, String what, String wanted, String found) {
      if (!holds) {
        throw bad(file, "line " + line + ", " + what, wanted, found);
      }
    }
  }

  static BadFileException bad(Path file, String where, String wanted, String found) {
    return new BadFileException(file, where, wanted, found, "Correct or drop it.");
  }

  /** The rows of a CSV or TSV file, empty lines left out; one or more. */
  static List<Csv> csv(Path file, CSVFormat format) {
    List<Csv> rows = new ArrayList<>();
    long line = 1;
    try (CSVParser parser = CSVParser.parse(Utf8File.read(file), format)) {
      for (CSVRecord row : parser) {
        if (row.size() > 1 || !row.get(0).isBlank()) {
          rows.add(new Csv(file, line, row));
        }
        line = parser.getCurrentLineNumber() + 1;
      }
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      throw new BadFileException(
          file,
          "line " + line + ", the row",
          "sound CSV",
          String.valueOf(e.getMessage()),
          "Mend its quotes.",
          e);
    }
    if (rows.isEmpty()) {
      throw bad(file, "line 1", "1 or more rows", "none");
    }
    return rows;
  }

  /** A whole JSON file. */
  static JsonNode json(Path file) {
    return StrictJson.parse(file, "the JSON", Utf8File.read(file));
  }

  /** The text at a key, or an error that names the place. */
  static String text(Path file, String where, JsonNode json, String key) {
    if (!json.path(key).isTextual() || json.get(key).textValue().isBlank()) {
      throw bad(file, where + ", " + key, "a text", String.valueOf(json.get(key)));
    }
    return json.get(key).textValue();
  }

  /** A file itself, or the files below a folder that end in one of some ways, by name. */
  static List<Path> files(Path path, String... endings) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> found =
          files
              .filter(Files::isRegularFile)
              .filter(f -> Stream.of(endings).anyMatch(f.getFileName().toString()::endsWith))
              .sorted()
              .limit(MOST_FILES + 1L)
              .toList();
      if (found.isEmpty() || found.size() > MOST_FILES) {
        throw bad(
            path,
            "the folder",
            "1 to " + MOST_FILES + " files ending in " + String.join(" or ", endings),
            found.size() + "");
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("could not list " + path, e);
    }
  }
}
