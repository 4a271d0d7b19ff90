package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;

/**
 * The prefixes at which a stream is judged: after {@code first} answer tokens and every {@code
 * every} from there. The stream threshold holds for exactly these; checking more prefixes than were
 * calibrated raises the false-positive rate.
 *
 * @param first answer tokens before the first check
 * @param every answer tokens between checks
 */
public record Checkpoints(int first, int every) {

  /** At every token. */
  public static final Checkpoints EVERY_TOKEN = new Checkpoints(1, 1);

  public Checkpoints {
    Check.that(first > 0, "first checkpoint", "1 token or more", first, "raise it");
    Check.that(every > 0, "checkpoint distance", "1 token or more", every, "raise it");
  }

  /** At every k-th token. */
  public static Checkpoints every(int k) {
    return new Checkpoints(k, k);
  }

  /** Whether a prefix of that many answer tokens is checked. */
  public boolean at(long tokens) {
    return tokens >= first && (tokens - first) % every == 0;
  }
}
