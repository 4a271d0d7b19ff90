package dev.plumbline.learn.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.learn.report.MarkdownBlock;
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
    new MarkdownBlock("plumbline reproduce smollm2").write(file, markdown());
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
