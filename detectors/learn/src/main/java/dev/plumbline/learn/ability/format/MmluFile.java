package dev.plumbline.learn.ability.format;

import dev.plumbline.learn.ability.ChoiceItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/**
 * MMLU (Hendrycks et al. 2021): CSV without header, {@code question,A,B,C,D,LETTER}; a file {@code
 * SUBJECT_test.csv} a subject, or a folder of them. The subject is the group.
 */
public final class MmluFile {
  private static final int COLUMNS = 6;

  private MmluFile() {}

  /** Items of a file, or of all {@code .csv} files of a folder. */
  public static List<ChoiceItem> read(Path path) {
    List<ChoiceItem> items = new ArrayList<>();
    for (Path file : Rows.files(path, ".csv")) {
      String subject = file.getFileName().toString().replaceFirst("(_(test|dev|val))?\\.csv$", "");
      for (Rows.Csv row : Rows.csv(file, CSVFormat.RFC4180)) {
        row.require(
            row.values().size() == COLUMNS,
            "the row",
            "question,A,B,C,D,LETTER",
            row.values() + "");
        String letter = row.values().get(COLUMNS - 1).strip();
        row.require(letter.matches("[A-D]"), "the answer", "A, B, C or D", letter);
        try {
          items.add(
              new ChoiceItem(
                  subject + "-" + row.line(),
                  subject,
                  "",
                  row.values().get(0).strip(),
                  row.values().stream().skip(1).limit(4).map(String::strip).toList(),
                  letter.charAt(0) - 'A'));
        } catch (IllegalArgumentException e) {
          throw Rows.bad(file, "line " + row.line(), "a question and four choices", e.getMessage());
        }
      }
    }
    return items;
  }
}
