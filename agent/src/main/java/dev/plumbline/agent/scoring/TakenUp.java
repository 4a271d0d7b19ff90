package dev.plumbline.agent.scoring;

import java.util.Objects;

/**
 * How a rescued answer was taken up in its middle.
 *
 * @param way {@code ids}: behind the token ids that had gone out; {@code text}: behind their text,
 *     which the server cut into tokens anew
 * @param reason {@code offered} for ids, else why not by them; the words of {@code
 *     plumbline_rescue_seams_total}
 */
public record TakenUp(String way, String reason) {
  public TakenUp {
    Objects.requireNonNull(way, "way");
    Objects.requireNonNull(reason, "reason");
  }
}
