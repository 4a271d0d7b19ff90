package dev.plumbline.export.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code plumbline-export.json} of an exported folder: what it was made from and for, what it
 * leaves, and the digest of every other file in it.
 *
 * @param kind {@code adapter} or {@code checkpoint}
 * @param outcome {@code sufficient}, {@code insufficient}, {@code not_measured}, or {@code
 *     orthogonal} and {@code not_orthogonal} for a checkpoint
 * @param artefactDigest SHA-256 of the artefact's {@code direction.json}, which pins its tensors
 * @param baseFingerprint the base's weights, as an artefact pins them
 * @param files SHA-256 by file name
 * @param json all of it
 */
public record ExportManifest(
    String kind,
    String outcome,
    String artefactDigest,
    String baseFingerprint,
    Map<String, String> files,
    JsonNode json) {
  /** The file's name. */
  public static final String FILE = "plumbline-export.json";

  /** The version written by this build. */
  public static final int VERSION = 1;

  private static final String FORMAT = "plumbline-export";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public ExportManifest {
    files = Map.copyOf(files);
  }

  /** Adds the digests of a filled folder's files to the facts and writes them into it. */
  public static void write(Path folder, ObjectNode facts) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", FORMAT).put("format_version", VERSION);
    json.setAll(facts);
    digests(folder).forEach(json.putObject("files")::put);
    try {
      MAPPER.writerWithDefaultPrettyPrinter().writeValue(folder.resolve(FILE).toFile(), json);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + folder.resolve(FILE), e);
    }
  }

  /**
   * Reads a folder's manifest and holds every file against its digest.
   *
   * @throws BadFileException if there is none, or a file is missing, too much, or another
   */
  public static ExportManifest read(Path folder) {
    Path file = folder.resolve(FILE);
    JsonNode json = StrictJson.object(file, StrictJson.CONFIG_BYTES);
    if (!json.path("format").asText().equals(FORMAT)
        || json.path("format_version").asInt() != VERSION) {
      throw bad(file, "format", FORMAT + " version " + VERSION, json.path("format").toString());
    }
    Map<String, String> files = new TreeMap<>();
    json.path("files").properties().forEach(e -> files.put(e.getKey(), e.getValue().asText()));
    Map<String, String> found = digests(folder);
    if (files.isEmpty() || !files.equals(found)) {
      throw bad(file, "files", files.toString(), found.toString());
    }
    return new ExportManifest(
        text(file, json, "/kind"),
        text(file, json, "/outcome"),
        text(file, json, "/artefact/digest"),
        text(file, json, "/base/weight_fingerprint"),
        files,
        json);
  }

  private static String text(Path file, JsonNode json, String pointer) {
    if (!json.at(pointer).isTextual()) {
      throw bad(file, pointer.substring(1), "a text", json.at(pointer).toString());
    }
    return json.at(pointer).asText();
  }

  private static Map<String, String> digests(Path folder) {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.equals(FILE)) {
          digests.put(name, FileDigests.of(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not list " + folder, e);
    }
    return digests;
  }

  private static BadFileException bad(Path file, String where, String wanted, String found) {
    return new BadFileException(file, where, wanted, found, "Export it again.");
  }
}
