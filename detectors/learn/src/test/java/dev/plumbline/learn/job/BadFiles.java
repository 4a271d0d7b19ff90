package dev.plumbline.learn.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A good file spoilt in every way that it can be, each with the line an error must name. */
final class BadFiles {
  /** What a file is, and what can be wrong with it beyond its bytes. */
  enum Kind {
    EXCHANGES,
    ALIGNED,
    JUDGED,
    KEYED,
    LINES,
    TABLE,
    TEXT
  }

  private static final int LINE = 3;
  private static final byte LATIN_E = (byte) 0xe9;

  private final Path good;
  private final Path folder;
  private final Map<String, Bad> made = new LinkedHashMap<>();

  /**
   * A spoilt file.
   *
   * @param line that must be named, as a text the message has
   */
  record Bad(Path file, String line) {}

  private BadFiles(Path good, Path folder) {
    this.good = good;
    this.folder = folder;
  }

  /** By what is wrong. */
  static Map<String, Bad> of(Path good, Kind kind, Path folder) {
    try {
      BadFiles files = new BadFiles(good, folder);
      Files.createDirectories(folder);
      files.spoil(kind);
      return files.made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void spoil(Kind kind) throws IOException {
    made.put("absent", new Bad(folder.resolve("absent-" + good.getFileName()), ""));
    bytes("latin-1", at(LINE, LATIN_E), "line 3 ");
    bytes("utf-16", Files.readString(good).getBytes(StandardCharsets.UTF_16LE), "line 1 ");
    bytes("utf-16-marked", Files.readString(good).getBytes(StandardCharsets.UTF_16), "line 1 ");
    if (kind == Kind.TEXT) {
      return;
    }
    bytes("empty", new byte[0], "line 1");
    if (kind == Kind.TABLE) {
      table();
    } else {
      objects(kind);
    }
  }

  private void table() throws IOException {
    line("ragged", text -> text + ",1", "line 3,");
    line("label", text -> text.substring(0, text.length() - 1) + "7", "line 3,");
    line("open-quote", text -> "\"" + text, "line 3,");
    rows("one-class", rows -> rows.subList(0, 1), rows -> only(rows, ",1"), "lines 2 to ");
    rows("no-header", rows -> List.of(), rows -> rows.subList(1, rows.size()), "line 1,");
  }

  private void objects(Kind kind) throws IOException {
    line("ragged", text -> text.substring(0, text.length() / 2), "line 3 ");
    line("key-twice", text -> "{\"x\":1,\"x\":2}", "line 3 ");
    line("array", text -> "[1]", "line 3");
    line("nothing-in-it", text -> "{}", "line 3");
    line("number-for-text", text -> text.replaceAll("\"w[^\"]*\"|\"a2\"", "5"), "line 3");
    if (kind == Kind.KEYED) {
      rows("id-twice", rows -> rows.subList(0, 2), rows -> rows.subList(1, 2), "line 3,");
    } else if (kind != Kind.LINES) {
      exchanges(kind);
    }
  }

  private void exchanges(Kind kind) throws IOException {
    line("role", text -> text.replace("assistant", "user"), "line 3,");
    line("no-answer", text -> text.replaceAll("\"w[^\"]*\"}]", "\"\"}]"), "line 3,");
    rows("one-prompt", rows -> List.of(), rows -> rows.subList(0, 2), "line 1 to ");
    if (kind == Kind.JUDGED) {
      line("label", text -> text.replaceAll("(mis)?aligned", "good"), "line 3,");
      line("unlabelled", text -> text.replaceAll(",\"label\":\"[a-z]*\"", ""), "line 3,");
      rows("one-class", rows -> List.of(), rows -> only(rows, "\"aligned\""), "lines 1 to ");
    }
  }

  private static List<String> only(List<String> rows, String with) {
    return rows.stream().filter(row -> row.contains(with)).toList();
  }

  private void line(String name, Function<String, String> change, String line) throws IOException {
    List<String> rows = new ArrayList<>(Files.readAllLines(good));
    rows.set(LINE - 1, change.apply(rows.get(LINE - 1)));
    bytes(name, String.join("\n", rows).getBytes(StandardCharsets.UTF_8), line);
  }

  private void rows(
      String name,
      Function<List<String>, List<String>> head,
      Function<List<String>, List<String>> rest,
      String line)
      throws IOException {
    List<String> good = Files.readAllLines(this.good);
    List<String> rows = new ArrayList<>(head.apply(good));
    rows.addAll(rest.apply(good));
    bytes(name, String.join("\n", rows).getBytes(StandardCharsets.UTF_8), line);
  }

  private byte[] at(int line, byte value) throws IOException {
    byte[] bytes = Files.readAllBytes(good);
    int at = 0;
    for (int seen = 1; seen < line; at++) {
      seen += bytes[at] == '\n' ? 1 : 0;
    }
    byte[] spoilt = Arrays.copyOf(bytes, bytes.length);
    spoilt[at + 5] = value;
    return spoilt;
  }

  private void bytes(String name, byte[] bytes, String line) throws IOException {
    Path file = folder.resolve(name + "-" + good.getFileName());
    made.put(name, new Bad(Files.write(file, bytes), line));
  }
}
