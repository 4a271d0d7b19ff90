package dev.plumbline.agent.scoring;

import java.util.Locale;

/** How the HTTP side of an exchange went. */
public enum Outcome {
  /** The client got an answer to its end. */
  COMPLETED,
  /** The agent refused the request, 4xx. */
  REJECTED,
  /** The origin answered with an error of its own. */
  ORIGIN_ERROR,
  /** No connection to the origin, 502 or 503. */
  ORIGIN_UNREACHABLE,
  /** The origin did not answer in time, 504, or fell silent. */
  ORIGIN_TIMEOUT,
  /** The origin ended the answer before its end. */
  ORIGIN_CUT,
  /** The agent kept the answer, or its rest, back: 503, or a refusal in its place. */
  WITHHELD,
  /** The embedded engine failed. */
  ENGINE_FAILED,
  /** The client left before the end. */
  CLIENT_GONE;

  /** The word in events. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
