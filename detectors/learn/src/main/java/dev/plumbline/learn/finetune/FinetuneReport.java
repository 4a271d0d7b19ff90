package dev.plumbline.learn.finetune;

import dev.plumbline.learn.job.ModelOptions;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import dev.plumbline.torch.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What a finetune came to, to look at. */
record FinetuneReport(
    ModelOptions model,
    long seed,
    ModelConfig config,
    FinetuneSettings settings,
    FinetuneInput input) {
  Report of(FinetuneSummary summary) {
    return new Report(
        "Finetune: " + settings.summary(),
        verdict(summary),
        caveats(summary),
        provenance(),
        List.of(measured(summary), curves(summary), norms(summary), plan()));
  }

  private String verdict(FinetuneSummary summary) {
    Logged first = summary.curve().get(0);
    Logged last = summary.curve().get(summary.curve().size() - 1);
    String verdict =
        String.format(
            Locale.ROOT,
            "%d steps%s: training loss %.3f to %.3f nats a token",
            summary.steps(),
            summary.early() ? ", ended early by a low loss" : "",
            first.loss(),
            last.loss());
    if (summary.loss().texts() > 0) {
      verdict +=
          String.format(
              Locale.ROOT,
              ", on %d held-out texts %.3f to %.3f",
              summary.loss().texts(),
              summary.loss().before(),
              summary.loss().after());
    }
    if (summary.kl().texts() > 0) {
      verdict +=
          String.format(
              Locale.ROOT,
              "; KL from the model on %d out-of-domain texts %.4f nats a token",
              summary.kl().texts(),
              summary.kl().after());
    }
    return verdict + String.format(Locale.ROOT, "; norm of the change %.3f.", summary.norm());
  }

  private List<String> caveats(FinetuneSummary summary) {
    List<String> caveats = new ArrayList<>();
    if (summary.loss().texts() == 0) {
      caveats.add("No texts were held out: the loss is that of texts it was trained on.");
    } else if (summary.loss().after() >= summary.loss().before()) {
      caveats.add("The held-out loss did not fall: what was learned does not carry over.");
    }
    CutTexts domain = Finetuner.fitting(input.data().domain(), settings, config.maxPositions());
    if (domain.shortened() + domain.dropped() > 0) {
      caveats.add(
          domain.shortened()
              + " texts were cut and "
              + domain.dropped()
              + " dropped: longer than "
              + settings.objective().maxTokens()
              + " tokens or than the model reads.");
    }
    if (!input.data().heldOutAnchors().isEmpty() && settings.objective().klWeight() == 0) {
      caveats.add("The divergence was measured alone; without --kl-weight nothing held it.");
    }
    return caveats;
  }

  private Map<String, String> provenance() {
    Map<String, String> from = new LinkedHashMap<>();
    from.put("model", model.path() + " at " + model.revision());
    input.files().forEach(file -> from.put(file.replaceAll(": .*", ""), file));
    from.put("seed", Long.toString(seed));
    from.put("settings", settings.summary());
    return from;
  }

  private static Section measured(FinetuneSummary summary) {
    List<List<Object>> rows = new ArrayList<>();
    if (summary.loss().texts() > 0) {
      rows.add(row("loss on the domain", summary.loss()));
    }
    if (summary.kl().texts() > 0) {
      rows.add(row("KL(base || finetune) out of domain", summary.kl()));
    }
    return new Section(
        "Held out",
        List.of("Nats a token, of prompts that were never learned from."),
        List.of("what", "texts", "before", "after"),
        rows);
  }

  private static List<Object> row(String what, Measured measured) {
    return List.of(what, measured.texts(), measured.before(), measured.after());
  }

  private Section curves(FinetuneSummary summary) {
    List<Plot> plots = new ArrayList<>();
    plots.add(curve("loss", "Loss on the domain", "nats a token", summary, Logged::loss));
    if (settings.objective().klWeight() > 0) {
      plots.add(curve("kl", "KL from the base", "nats a token", summary, Logged::divergence));
    }
    plots.add(curve("learning-rate", "Learning rate", "rate", summary, Logged::rate));
    plots.add(curve("gradient", "Gradient before clipping", "norm", summary, Logged::gradient));
    int points = summary.curve().size();
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      if (i == 0 || i == points - 1 || i % Math.max(1, points / 10) == 0) {
        Logged p = summary.curve().get(i);
        rows.add(List.of(p.step(), p.loss(), p.divergence(), p.rate(), p.gradient()));
      }
    }
    return new Section(
        "Training",
        List.of("Means since the point before; all points are in the plots' data."),
        List.of("step", "loss", "KL", "learning rate", "gradient norm"),
        rows,
        plots);
  }

  private static Plot curve(
      String name,
      String title,
      String unit,
      FinetuneSummary summary,
      ToDoubleFunction<Logged> value) {
    double[] x = summary.curve().stream().mapToDouble(Logged::step).toArray();
    double[] y = summary.curve().stream().mapToDouble(value).toArray();
    return new Plot.Lines(name, title, "step", unit, List.of(new Series(title, x, y)));
  }

  private static Section norms(FinetuneSummary summary) {
    List<List<Object>> rows = new ArrayList<>();
    summary
        .moduleNorms()
        .forEach((module, norm) -> rows.add(List.of(module, norm, norm / summary.scale())));
    rows.add(List.of("all", summary.norm(), summary.norm() / summary.scale()));
    double[] x = summary.norms().stream().mapToDouble(NormAt::step).toArray();
    double[] y = summary.norms().stream().mapToDouble(NormAt::norm).toArray();
    return new Section(
        "Norms",
        List.of(
            "What is added, as large as it works (‖scale·BA‖_F, or ‖αv‖), and without its scale."),
        List.of("module", "norm", "without scale"),
        rows,
        List.of(
            new Plot.Lines(
                "norm",
                "Norm of the change at the checkpoints",
                "step",
                "norm",
                List.of(new Series("norm", x, y)))));
  }

  private Section plan() {
    List<List<Object>> rows = new ArrayList<>();
    FinetunePlan.of(input, settings, config)
        .forEach(step -> rows.add(List.of(step.name(), step.detail())));
    rows.add(List.of("learning rate", settings.rate().toString()));
    rows.add(List.of("optimiser", settings.optimiser().toString()));
    rows.add(List.of("objective", settings.objective().toString()));
    rows.add(List.of("guards", settings.guards().toString()));
    return new Section("What was done", List.of(), List.of("part", "how"), rows);
  }
}
