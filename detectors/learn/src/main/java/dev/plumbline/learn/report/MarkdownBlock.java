package dev.plumbline.learn.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A command's own block of a Markdown file; what others wrote around it is left alone. */
public final class MarkdownBlock {
  private final String begin;
  private final String end;

  /**
   * A block.
   *
   * @param command such as {@code plumbline reproduce}, named in the markers
   */
  public MarkdownBlock(String command) {
    this.begin = "<!-- begin: " + command + " -->";
    this.end = "<!-- end: " + command + " -->";
  }

  /** Replaces the block, or appends it; the file is replaced whole. */
  public void write(Path file, String markdown) {
    String block = begin + "\n" + markdown.stripTrailing() + "\n" + end + "\n";
    String before = read(file);
    int from = before.indexOf(begin);
    int to = before.indexOf(end);
    if (from >= 0 && to > from) {
      put(
          file,
          before.substring(0, from) + block + before.substring(to + end.length()).stripLeading());
    } else {
      put(file, before.isEmpty() ? block : before.stripTrailing() + "\n\n" + block);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file + ": " + e.getMessage(), e);
    }
  }

  private static void put(Path file, String text) {
    ReportFolder.put(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
