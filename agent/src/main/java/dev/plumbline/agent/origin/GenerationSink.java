package dev.plumbline.agent.origin;

import java.util.List;

/**
 * Where a generation goes. Called by one engine thread at a time; implementations only hand over
 * and return. After any number of {@link #delta} exactly one of {@link #ended} and {@link
 * #rejected} comes, and nothing after it; {@code rejected} only when there was no delta.
 */
public interface GenerationSink {
  /** The token ids of the prompt, before all else; only where they were asked for. */
  default void prompted(List<Integer> ids) {}

  /** More text, in whole code points; never part of a stop string. */
  void delta(Delta delta);

  /** The generation is over, whatever the reason. */
  void ended(GenerationEnd end);

  /** There is none: the request cannot be served. */
  void rejected(Rejection rejection);
}
