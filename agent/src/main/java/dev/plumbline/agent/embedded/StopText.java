package dev.plumbline.agent.embedded;

import java.util.List;

/**
 * Text as it may go out: whatever could still become a stop string is held back, and the first stop
 * string ends it. One thread.
 */
final class StopText {
  private final List<String> stops;
  private final StringBuilder all = new StringBuilder();
  private int given;
  private boolean stopped;

  StopText(List<String> stops) {
    this.stops = stops;
  }

  /** Takes more text; gives what is certain to belong to the answer. */
  String add(String piece) {
    all.append(piece);
    int first = firstStop();
    if (first >= 0) {
      stopped = true;
      all.setLength(first);
    }
    return take(stopped ? all.length() : all.length() - held());
  }

  /** The end: gives what was held back. */
  String finish() {
    return take(all.length());
  }

  private String take(int end) {
    String out = all.substring(Math.min(given, end), end);
    given = Math.max(given, end);
    return out;
  }

  private int firstStop() {
    int first = -1;
    for (String stop : stops) {
      int at = all.indexOf(stop, Math.max(0, given - stop.length()));
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    return first;
  }

  /** How many last characters could begin a stop string. */
  private int held() {
    int most = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, all.length()); n > most; n--) {
        if (stop.startsWith(all.substring(all.length() - n))) {
          most = n;
        }
      }
    }
    return most;
  }

  boolean stopped() {
    return stopped;
  }

  String text() {
    return all.toString();
  }
}
