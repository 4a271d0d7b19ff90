package dev.plumbline.agent.fleet;

import java.util.Locale;

/** Why something from outside was not done. */
public enum Refusal {
  /** No signature at all. */
  UNSIGNED,
  /** Signed by a trusted key, but not these bytes. */
  BAD_SIGNATURE,
  /** Signed by a key that is not among {@code fleet.trusted-keys}. */
  UNKNOWN_KEY,
  /** Signed for a fleet of another name. */
  WRONG_FLEET,
  /** In a version that this build does not read. */
  WRONG_VERSION,
  /** Issued too long ago. */
  TOO_OLD,
  /** Issued later than now, by more than clocks differ. */
  NOT_YET,
  /** Its sequence number is not above those that were accepted. */
  REPLAYED,
  /** The content that came with it is not the one it names. */
  WRONG_CONTENT,
  /** There is no room for one more route. */
  NO_ROOM,
  /** Not readable. */
  GARBAGE;

  /** The word in JSON and in metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
