package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Matrices from finetune to finetune, and what reads weights instead of answers. */
final class TransferSections {
  private TransferSections() {}

  static Section detect(DetectTransfer transfer) {
    List<List<Object>> rows = new ArrayList<>();
    for (DetectTransfer.Cell cell : transfer.cells()) {
      rows.add(
          List.of(
              cell.from(),
              cell.to(),
              Cells.of(cell.across()),
              Cells.of(cell.within()),
              cell.left()));
    }
    return new Section(
        "Transfer of detection: " + transfer.method(),
        List.of(
            "Learned from one model, held against another's judged answers; what labels taught is"
                + " never judged on a prompt that taught it."),
        List.of("learned from", "judged on", "AUROC across", "AUROC within prompt", "unscored"),
        rows,
        List.of(
            map(
                "detect-" + Cells.slug(transfer.method()),
                "Within-prompt AUROC, " + transfer.method(),
                transfer.models(),
                transfer.models(),
                (from, to) -> Cells.value(transfer.cell(from, to).within()))));
  }

  static Section ablate(AblateTransfer transfer) {
    List<List<Object>> rows = new ArrayList<>();
    for (AblateTransfer.Cell cell : transfer.cells()) {
      Object removed = removed(transfer, cell);
      rows.add(List.of(cell.plan(), cell.model(), cell.misaligned(), cell.incoherent(), removed));
    }
    return new Section(
        "Transfer of ablation",
        List.of(
            "Direction of one finetune taken out of another after every residual writer, affine;"
                + " answers about domains that no finetune was trained on, judged exactly."),
        List.of("direction of", "model", "misaligned", "incoherent", "share removed"),
        rows,
        List.of(
            map("ablate-misaligned", "Share misaligned", transfer, c -> c.misaligned()),
            map("ablate-incoherent", "Share incoherent", transfer, c -> c.incoherent())));
  }

  private static Object removed(AblateTransfer transfer, AblateTransfer.Cell cell) {
    return cell.plan().equals(AblateTransfer.BEFORE)
        ? "–"
        : transfer.removed(cell.plan(), cell.model()).<Object>map(r -> r).orElse("none to take");
  }

  private static Plot map(
      String name,
      String title,
      AblateTransfer transfer,
      Function<AblateTransfer.Cell, Estimate> figure) {
    return map(
        name,
        title,
        transfer.plans(),
        transfer.models(),
        (plan, model) -> figure.apply(transfer.cell(plan, model)).value());
  }

  private static Plot map(
      String name,
      String title,
      List<String> rows,
      List<String> columns,
      BiFunction<String, String, Double> value) {
    double[][] values = new double[rows.size()][columns.size()];
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[i].length; j++) {
        values[i][j] = value.apply(rows.get(i), columns.get(j));
      }
    }
    return new Plot.HeatMap(name, title, "model", "learned from", columns, rows, values);
  }

  static Section weights(List<WeightsVersusAnswers> found) {
    List<List<Object>> rows = new ArrayList<>();
    for (WeightsVersusAnswers each : found) {
      rows.add(
          List.of(
              each.finetune(),
              each.readout(),
              each.reference(),
              each.alignedByReference(),
              each.alignedByItself(),
              each.sameAnswers(),
              Cells.of(each.withinByReference()),
              Cells.of(each.withinByItself())));
    }
    return new Section(
        "Weights or answers",
        List.of(
            "The same readout of the same aligned answers, by the reference's states and by the"
                + " finetune's own. Flagged: above the threshold that %s of the reference's aligned"
                    .formatted(found.isEmpty() ? "α" : found.get(0).alpha())
                + " answers cross. Own against reference: 0.5 reads answers, 1 reads weights."),
        List.of(
            "finetune",
            "readout",
            "reference's aligned, flagged",
            "its aligned, read by reference",
            "its aligned, own states",
            "own against reference",
            "within prompt, by reference",
            "within prompt, own states"),
        rows);
  }
}
