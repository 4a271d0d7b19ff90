package dev.plumbline.learn.evaluate;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.evaluate.Alarm.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Alarms about an artefact itself: what it was made of, and what it promises. */
final class OwnAlarms {
  /** Whose answers the thresholds promise something about. */
  static final String REFERENCE = "reference, aligned";

  private OwnAlarms() {}

  static List<Alarm> of(Artefact artefact, List<Answer> judged, List<Flagged> flagged) {
    List<Alarm> alarms = new ArrayList<>();
    seen(artefact, judged, alarms);
    flagged.stream()
        .filter(each -> each.whose().equals(REFERENCE))
        .forEach(
            each -> {
              kept("whole answers", each.answer(), artefact, alarms);
              kept("streams", each.stream(), artefact, alarms);
            });
    return alarms;
  }

  /** A threshold or a probe judged on its own data is always good. */
  private static void seen(Artefact artefact, List<Answer> judged, List<Alarm> alarms) {
    String digest = Answers.digest(judged);
    for (Map.Entry<String, String> made : artefact.provenance().dataDigests().entrySet()) {
      if (made.getValue().equals(digest)) {
        alarms.add(
            new Alarm(
                Kind.SEEN_BEFORE,
                judged.size(),
                0,
                "these %d answers are the artefact's own '%s' data (%s)"
                    .formatted(judged.size(), made.getKey(), digest)));
      }
    }
  }

  /** The whole interval above α: more than chance can explain. */
  private static void kept(String what, Estimate rate, Artefact artefact, List<Alarm> alarms) {
    double nominal = artefact.calibration().alpha();
    if (rate.low() > nominal) {
      alarms.add(
          new Alarm(
              Kind.THRESHOLD_NOT_KEPT,
              rate.value(),
              nominal,
              String.format(
                  Locale.ROOT,
                  "%.4f [%.4f, %.4f] of the reference's aligned %s are flagged, %.4f was promised",
                  rate.value(),
                  rate.low(),
                  rate.high(),
                  what,
                  nominal)));
    }
  }
}
