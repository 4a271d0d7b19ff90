package dev.plumbline.learn.ability.format;

import dev.plumbline.learn.ability.SentimentItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/**
 * SST-2 as GLUE has it (Socher et al. 2013; Wang et al. 2019): TSV with the header {@code sentence,
 * label}; the label is the sentiment, 1 positive.
 */
public final class Sst2File {
  private static final CSVFormat FORM =
      CSVFormat.TDF.builder().setQuote(null).setIgnoreSurroundingSpaces(false).get();

  private Sst2File() {}

  /** Items of a file. */
  public static List<SentimentItem> read(Path file) {
    List<Rows.Csv> rows = Rows.csv(file, FORM);
    Rows.Csv header = rows.get(0);
    header.require(
        header.values().toList().equals(List.of("sentence", "label")),
        "the header",
        "sentence and label, a tab between",
        header.values().toList().toString());
    List<SentimentItem> items = new ArrayList<>();
    for (Rows.Csv row : rows.subList(1, rows.size())) {
      row.require(row.values().size() == 2, "the row", "sentence and label", row.values() + "");
      String label = row.values().get(1).strip();
      row.require(label.matches("[01]"), "label", "0 or 1", label);
      row.require(!row.values().get(0).isBlank(), "sentence", "a text", "none");
      items.add(
          new SentimentItem("sst2-" + row.line(), row.values().get(0).strip(), label.equals("1")));
    }
    header.require(!items.isEmpty(), "the file", "1 or more sentences", "a header alone");
    return items;
  }
}
