package dev.plumbline.learn.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.learn.report.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sections under a title, as Markdown for people and JSON for machines: the same cells.
 *
 * @param title heading
 * @param notes paragraphs before the first section
 * @param sections in order
 */
record Report(String title, List<String> notes, List<Section> sections) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String BEGIN = "<!-- begin: plumbline reproduce smollm2 -->";
  private static final String END = "<!-- end: plumbline reproduce smollm2 -->";

  Report {
    notes = List.copyOf(notes);
    sections = List.copyOf(sections);
  }

  String markdown() {
    return "## "
        + title
        + "\n\n"
        + notes.stream().map(note -> note + "\n\n").collect(Collectors.joining())
        + sections.stream().map(Section::markdown).collect(Collectors.joining()).stripTrailing()
        + "\n";
  }

  ObjectNode json() {
    ObjectNode node = MAPPER.createObjectNode().put("title", title);
    notes.forEach(node.putArray("notes")::add);
    sections.stream().map(Section::json).forEach(node.putArray("sections")::add);
    return node;
  }

  /** Writes this report's own block of a file, and leaves what others wrote in it alone. */
  void writeMarkdown(Path file) {
    String block = BEGIN + "\n" + markdown() + END + "\n";
    String before = read(file);
    int from = before.indexOf(BEGIN);
    int to = before.indexOf(END);
    if (from >= 0 && to > from) {
      write(
          file,
          before.substring(0, from) + block + before.substring(to + END.length()).stripLeading());
    } else {
      write(file, before.isEmpty() ? block : before.stripTrailing() + "\n\n" + block);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the report at " + file, e);
    }
  }

  void writeJson(Path file) {
    write(file, json().toPrettyString() + "\n");
  }

  private static void write(Path file, String text) {
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the report to " + file, e);
    }
  }
}
