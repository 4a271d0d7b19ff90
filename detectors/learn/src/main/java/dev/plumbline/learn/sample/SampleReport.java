package dev.plumbline.learn.sample;

import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.sample.AnswerSource.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came of sampling: how many answers of each model, and how they ended. */
public final class SampleReport {
  private SampleReport() {}

  /**
   * @param answers in the order of the file
   * @param provenance where they come from
   */
  public static Report of(
      List<SampledAnswer> answers, List<Failure> failures, Map<String, String> provenance) {
    Map<String, List<SampledAnswer>> models = new LinkedHashMap<>();
    answers.forEach(each -> models.computeIfAbsent(each.model(), m -> new ArrayList<>()).add(each));
    List<Section> sections = new ArrayList<>();
    sections.add(models(models));
    if (!failures.isEmpty()) {
      sections.add(Failures.section(failures));
    }
    return new Report(
        "Sampled answers",
        verdict(answers, models.size(), failures.size()),
        caveats(answers, failures),
        provenance,
        sections);
  }

  private static String verdict(List<SampledAnswer> answers, int models, int failed) {
    long questions = answers.stream().map(each -> each.question().id()).distinct().count();
    return String.format(
        Locale.ROOT,
        "%d answers of %d models to %d questions; %d could not be had.",
        answers.size(),
        models,
        questions,
        failed);
  }

  private static List<String> caveats(List<SampledAnswer> answers, List<Failure> failures) {
    List<String> caveats = new ArrayList<>();
    if (!failures.isEmpty()) {
      caveats.add(failures.size() + " answers are missing; go on with --resume.");
    }
    long cut = ended(answers, "length");
    if (10 * cut > answers.size()) {
      caveats.add(cut + " answers were cut at --max-tokens; a judge may find them incoherent.");
    }
    return caveats;
  }

  private static long ended(List<SampledAnswer> answers, String how) {
    return answers.stream().filter(each -> each.finish().equals(how)).count();
  }

  private static Section models(Map<String, List<SampledAnswer>> models) {
    List<List<Object>> rows = new ArrayList<>();
    Map<String, double[]> lengths = new LinkedHashMap<>();
    models.forEach(
        (model, own) -> {
          double[] length = own.stream().mapToDouble(each -> each.text().length()).toArray();
          lengths.put(model, length);
          long blank = own.stream().filter(each -> each.text().isBlank()).count();
          long stop = ended(own, "stop");
          long cut = ended(own, "length");
          rows.add(
              List.of(model, own.size(), stop, cut, own.size() - stop - cut, blank, mean(length)));
        });
    List<Plot> plots =
        lengths.isEmpty()
            ? List.of()
            : List.of(new Plot.Histogram("length", "Length of answers", "characters", lengths));
    return new Section(
        "Models",
        List.of(),
        List.of("model", "answers", "ended", "cut", "other ends", "empty", "mean characters"),
        rows,
        plots);
  }

  private static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElse(Double.NaN);
  }
}
