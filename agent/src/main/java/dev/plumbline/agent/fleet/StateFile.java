package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The accepted commands over a restart: {@code fleet-commands.json} with the commands that hold, as
 * they were signed, and the highest sequence number of each key. Written as a whole and put in
 * place at once. What is read is checked like anything else from outside.
 */
final class StateFile {
  private static final int MOST_BYTES = 2 << 20;

  private final Path file;

  StateFile(Path folder) {
    this.file = folder.resolve("fleet-commands.json");
  }

  /**
   * Fills an empty book; true when there was something.
   *
   * @throws IllegalArgumentException when the file is there and cannot be read: to go on without it
   *     would be to accept old commands again
   */
  boolean read(CommandBook book) {
    if (!Files.exists(file)) {
      return false;
    }
    try {
      Check.that(Files.size(file) <= MOST_BYTES, file.toString(), "a small file", "more", "fix it");
      JsonNode node = StrictJson.object(Files.readAllBytes(file), MOST_BYTES);
      node.path("highest").fields().forEachRemaining(e -> remember(book, e.getKey(), e.getValue()));
      for (JsonNode each : node.path("commands")) {
        book.offer(CommandJson.read(each), CommandBook.Way.RECORD);
      }
      return true;
    } catch (IOException | WireRefusal e) {
      throw Check.refusal(
          file.toString(),
          "the fleet commands this agent wrote",
          "something else (" + e.getMessage() + ")",
          "put it back from a copy, or delete it and accept that old commands count again");
    }
  }

  private static void remember(CommandBook book, String keyId, JsonNode sequence) {
    book.remember(keyId, sequence.asLong());
  }

  /** Replaces the file. */
  void write(CommandBook book) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ObjectNode highest = node.putObject("highest");
    book.highest().forEach(highest::put);
    var commands = node.putArray("commands");
    book.held().values().forEach(held -> commands.add(CommandJson.write(held.signed())));
    try {
      Path next = Files.createTempFile(file.getParent(), "fleet-commands", ".new");
      Files.write(next, node.toString().getBytes(StandardCharsets.UTF_8));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could not be written", e);
    }
  }
}
