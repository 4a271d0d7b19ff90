package dev.plumbline.learn.sample;

import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.sample.AnswerSource.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What could not be had, counted by kind, with an example each. */
final class Failures {
  private Failures() {}

  static Section section(List<Failure> failures) {
    Map<String, List<Failure>> kinds = new TreeMap<>();
    failures.forEach(each -> kinds.computeIfAbsent(each.cause(), k -> new ArrayList<>()).add(each));
    List<List<Object>> rows = new ArrayList<>();
    kinds.forEach(
        (kind, own) ->
            rows.add(List.of(kind.toLowerCase(Locale.ROOT), own.size(), own.get(0).detail())));
    return new Section(
        "Answers that could not be had",
        List.of("They are not in the file. --resume asks for them again."),
        List.of("cause", "answers", "the first"),
        rows);
  }
}
