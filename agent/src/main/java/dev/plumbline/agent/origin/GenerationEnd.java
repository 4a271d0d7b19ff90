package dev.plumbline.agent.origin;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Finish;
import dev.plumbline.agent.wire.Usage;
import java.time.Duration;
import java.util.Objects;

/**
 * A generation that is over.
 *
 * @param finish why
 * @param usage tokens
 * @param text the whole answer, all deltas joined
 * @param reading the verdict on it; for a cancelled one on what there was
 * @param receipt what was changed in the forward pass
 * @param timings where the time went
 */
public record GenerationEnd(
    Finish finish, Usage usage, String text, Reading reading, Receipt receipt, Timings timings) {
  public GenerationEnd {
    Objects.requireNonNull(finish, "finish");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(reading, "reading");
    Objects.requireNonNull(receipt, "receipt");
    Objects.requireNonNull(timings, "timings");
  }

  /** Waiting for a place, reading the prompt, generating. */
  public record Timings(Duration queued, Duration prompt, Duration generation) {}
}
