package dev.plumbline.torch.artefact;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads and writes {@code NAME.direction/}: {@code direction.json}, whose JSON Schema ships as
 * {@code direction.schema.json} beside this class, and {@code direction.safetensors} with the unit
 * directions {@code direction.TAP} and the probe's weights {@code probe.TAP}, all {@code [D]} F32.
 *
 * <p>Numbers that are double in the artefact (means, spreads, scales, thresholds) stand in the
 * JSON, where they survive exactly; safetensors readers elsewhere would round them. The JSON pins
 * the digest of the tensors, so files of two artefacts cannot be mixed.
 */
public final class ArtefactFolder {
  /** What a folder's name ends with. */
  public static final String SUFFIX = ".direction";

  static final String JSON = "direction.json";
  static final String TENSORS = "direction.safetensors";

  private static final int TENSORS_BYTES = 1 << 30;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ArtefactFolder() {}

  /** {@code parent/NAME.direction}. */
  public static Path named(Path parent, Artefact artefact) {
    return parent.resolve(artefact.name() + SUFFIX);
  }

  /**
   * Writes a folder beside its place and moves it there when it is whole; what was there before is
   * replaced, and put back if the move fails.
   *
   * @throws IllegalArgumentException if the name does not end in {@link #SUFFIX}, or something that
   *     is no artefact is in the way
   * @throws UncheckedIOException if writing fails; what was there is then as it was
   */
  public static void write(Artefact artefact, Path folder) {
    Replacement.require(folder);
    Replacement.write(
        folder,
        part -> {
          ArtefactTensors.write(artefact, part.resolve(TENSORS));
          String digest = Digests.sha256(Files.readAllBytes(part.resolve(TENSORS)));
          Files.write(part.resolve(JSON), bytes(ArtefactWriter.json(artefact, digest)));
        });
  }

  /** SHA-256 of {@code direction.json}, which holds the digest of its tensors; 64 hex digits. */
  public static String digest(Path folder) {
    try {
      return Digests.sha256(Files.readAllBytes(folder.resolve(JSON)));
    } catch (IOException e) {
      throw new UncheckedIOException(folder.resolve(JSON) + " could not be read", e);
    }
  }

  /** What {@code direction.json} says of an artefact, without its {@code tensors}. */
  public static ObjectNode json(Artefact artefact) {
    ObjectNode json = ArtefactWriter.json(artefact, "");
    json.remove("tensors");
    return json;
  }

  private static byte[] bytes(ObjectNode node) throws IOException {
    return MAPPER.writer(new DefaultPrettyPrinter()).writeValueAsBytes(node);
  }

  /**
   * Reads a folder.
   *
   * @throws BadFileException if anything in it is missing, too much, of another version, or does
   *     not fit the rest
   */
  public static Artefact read(Path folder) {
    Path file = folder.resolve(JSON);
    JsonNode json = StrictJson.object(file, StrictJson.CONFIG_BYTES);
    requireVersion(file, json);
    SchemaCheck.DIRECTION.require(file, json);
    Path tensors = folder.resolve(TENSORS);
    requireDigest(tensors, json.at("/tensors/sha256").textValue());
    try {
      return new ArtefactReader(json, ArtefactTensors.open(tensors, json)).read();
    } catch (IllegalArgumentException e) {
      throw new BadFileException(
          file, "the artefact", "one that can exist", e.getMessage(), "Learn it again.", e);
    }
  }

  /** Before the schema, so that a later version is told as that and not by its new keys. */
  private static void requireVersion(Path file, JsonNode json) {
    String format = json.path("format").asText("nothing");
    String version = json.path("format_version").toString();
    if (!format.equals(ArtefactWriter.FORMAT)
        || !version.equals(String.valueOf(Artefact.FORMAT_VERSION))) {
      throw new BadFileException(
          file,
          "keys format and format_version",
          ArtefactWriter.FORMAT + " version " + Artefact.FORMAT_VERSION,
          format + " version " + (version.isEmpty() ? "none" : version),
          "Learn it again with this build, or use the build that wrote it.");
    }
  }

  private static void requireDigest(Path tensors, String wanted) {
    try {
      if (Files.size(tensors) > TENSORS_BYTES) {
        throw new BadFileException(
            tensors,
            "its size",
            "at most 1 GiB",
            Files.size(tensors) + " bytes",
            "Learn it again.");
      }
      String found = Digests.sha256(Files.readAllBytes(tensors));
      if (!found.equals(wanted)) {
        throw new BadFileException(
            tensors,
            "its SHA-256",
            wanted + " as " + JSON + " says",
            found,
            "The two files are not of one artefact: copy the folder again.");
      }
    } catch (IOException e) {
      throw new BadFileException(
          tensors, "the file itself", "a readable file", e.toString(), "Copy the folder again.", e);
    }
  }
}
