package dev.plumbline.learn.data;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Labelled statements from CSV (RFC 4180, UTF-8): a header {@code statement,label}, with or without
 * a third column {@code group}, in any order; labels 0 or 1, both of them there. The form of the
 * trustworthiness data sets (Qian et al. 2024). Whatever is not as above is an error that names its
 * line; nothing is skipped but empty lines.
 */
public final class StatementFile {
  private static final int LONGEST_STATEMENT = 1 << 20;
  private static final Set<String> COLUMNS = Set.of("statement", "label", "group");

  private final Path file;
  private final List<Statement> statements = new ArrayList<>();
  private List<String> header;

  private StatementFile(Path file) {
    this.file = file;
  }

  /**
   * Reads a whole file.
   *
   * @throws BadFileException if it is not as above
   */
  public static List<Statement> read(Path file) {
    return new StatementFile(file).read();
  }

  private List<Statement> read() {
    String text = Utf8File.read(file);
    long line = 1;
    try (CSVParser parser = CSVParser.parse(text, CSVFormat.RFC4180)) {
      for (CSVRecord row : parser) {
        take(row, line);
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
    requireBoth();
    return List.copyOf(statements);
  }

  private void take(CSVRecord row, long line) {
    if (row.size() == 1 && row.get(0).isBlank()) {
      return;
    }
    if (header == null) {
      header = header(row, line);
      return;
    }
    require(
        row.size() == header.size(), line, "the row", header.size() + " values", row.size() + "");
    String statement = row.get(header.indexOf("statement"));
    require(!statement.isBlank(), line, "statement", "a text", "none");
    require(
        statement.length() <= LONGEST_STATEMENT,
        line,
        "statement",
        "1 Mi characters or fewer",
        statement.length() + "");
    String label = row.get(header.indexOf("label")).strip();
    require(label.equals("0") || label.equals("1"), line, "label", "0 or 1", "'" + label + "'");
    int group = header.indexOf("group");
    statements.add(
        new Statement(
            statement,
            label.equals("1"),
            group < 0 ? Optional.empty() : Optional.of(row.get(group)),
            line));
  }

  private List<String> header(CSVRecord row, long line) {
    List<String> names = row.stream().map(String::strip).toList();
    boolean known =
        names.contains("statement")
            && names.contains("label")
            && COLUMNS.containsAll(names)
            && names.stream().distinct().count() == names.size();
    require(known, line, "the header", "statement,label and perhaps group", names.toString());
    return names;
  }

  private void requireBoth() {
    require(header != null, 1, "the file", "a header statement,label", "an empty file");
    long positive = statements.stream().filter(Statement::label).count();
    if (positive == 0 || positive == statements.size()) {
      throw new BadFileException(
          file,
          "lines 2 to the end, label",
          "statements of both classes",
          positive + " with 1 and " + (statements.size() - positive) + " with 0",
          "Add the missing class.");
    }
  }

  private void require(boolean holds, long line, String what, String wanted, String found) {
    if (!holds) {
      throw new BadFileException(
          file, "line " + line + ", " + what, wanted, found, "Correct or drop the line.");
    }
  }
}
