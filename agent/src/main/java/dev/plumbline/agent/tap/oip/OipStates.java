package dev.plumbline.agent.tap.oip;

import dev.plumbline.agent.tap.states.ChoiceStates;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.agent.tap.states.StateRows;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hidden states of one exchange as they come, in one answer or in the many of a stream. Answers
 * of one request id follow each other as one choice; an exchange that carries several requests has
 * as many choices. The first thing that is wrong is what is found. Thread-safe.
 */
public final class OipStates {
  /** One request's rows. */
  private static final class Sequence {
    final List<byte[]> rows = new ArrayList<>();
    NumberForm form;
    int hidden;
    int answerFrom;
  }

  private final List<TapPoint> points;
  private final long mostBytes;
  private final Map<String, Sequence> sequences = new LinkedHashMap<>();
  private long bytes;
  private Found.Missing missing;

  OipStates(List<TapPoint> points, long mostBytes) {
    this.points = points;
    this.mostBytes = mostBytes;
  }

  /** Nothing can be made of an answer. */
  public synchronized void missing(Found.Missing why) {
    if (missing == null) {
      missing = why;
      sequences.clear();
    }
  }

  /** The next states of a request. */
  synchronized void add(String id, HiddenTensor states) {
    if (missing != null) {
      return;
    }
    Sequence sequence = sequences.computeIfAbsent(id, any -> new Sequence());
    boolean first = sequence.form == null;
    int prompt = states.promptTokens();
    List<byte[]> rows = states.rows(first ? Math.max(0, prompt - 1) : prompt);
    bytes += (long) rows.size() * states.hidden() * states.form().bytes();
    if (bytes > mostBytes) {
      missing(
          new Found.Missing(
              UnscoredReason.TOO_LONG, "wanted states within " + mostBytes + " bytes, found more"));
    } else if (first) {
      sequence.form = states.form();
      sequence.hidden = states.hidden();
      sequence.answerFrom = Math.min(1, prompt);
      sequence.rows.addAll(rows);
    } else if (sequence.form == states.form() && sequence.hidden == states.hidden()) {
      sequence.rows.addAll(rows);
    } else {
      missing(
          new Found.Missing(
              UnscoredReason.TAP_ERROR, "wanted one form in all answers of a request, found two"));
    }
  }

  /** All of it. */
  public synchronized Found found() {
    if (missing != null) {
      return missing;
    }
    List<ChoiceStates> choices = new ArrayList<>();
    for (Sequence each : sequences.values()) {
      StateRows rows =
          new StateRows(points, each.hidden, each.form, each.rows.toArray(byte[][]::new));
      choices.add(new ChoiceStates(choices.size(), rows, each.answerFrom, true));
    }
    return choices.isEmpty()
        ? Found.noStates("wanted an output of hidden states, found none; see states.tensor")
        : new Found.States(choices, choices.size());
  }
}
