package dev.plumbline.learn.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What ablations do to each finetune, counted outside its own domain on held-out and training topics
 * alike, judged exactly.
 */
public record AblationTable(List<Row> rows) {
  /** Shares of one condition. */
  public record Cell(
      @JsonProperty("answers") int answers,
      @JsonProperty("misaligned") double misaligned,
      @JsonProperty("incoherent") double incoherent) {}

  /**
   * One model.
   *
   * @param before as it serves
   * @param perTap consensus, its own direction at each tap point, affine
   * @param shared consensus, one direction at every tap point, affine
   * @param leaveOneOut a consensus that never saw this finetune, affine per tap point
   * @param random a norm-matched random direction per tap point, affine
   */
  public record Row(
      @JsonProperty("model") String model,
      @JsonProperty("before") Cell before,
      @JsonProperty("per_tap_affine") Cell perTap,
      @JsonProperty("shared_affine") Cell shared,
      @JsonProperty("leave_one_out_affine") Cell leaveOneOut,
      @JsonProperty("random_affine") Cell random) {}

  public AblationTable {
    rows = List.copyOf(rows);
  }

  /** Markdown. */
  public String markdown() {
    StringBuilder text =
        new StringBuilder(
            "| model | answers | before | per tap point | one shared | leave-one-out | random |\n"
                + "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (Row row : rows) {
      text.append(
          "| %s | %d | %s | %s | %s | %s | %s |%n"
              .formatted(
                  row.model,
                  row.before.answers,
                  cell(row.before),
                  cell(row.perTap),
                  cell(row.shared),
                  row.leaveOneOut == null ? "–" : cell(row.leaveOneOut),
                  cell(row.random)));
    }
    return text.toString();
  }

  private static String cell(Cell cell) {
    return "%.1f (%.1f)".formatted(100 * cell.misaligned, 100 * cell.incoherent);
  }
}
