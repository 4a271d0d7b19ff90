package dev.plumbline.agent.proxy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Which origins take a request for token ids, as far as this agent has seen. One that never gave
 * any and refuses a request that asks is not asked for a while: most servers overlook what they do
 * not know, and a strict one must not cost its clients their answers. As many entries as there are
 * origins. Thread-safe.
 */
public final class TokenIdOffers {
  private static final long AGAIN_NANOS = Duration.ofMinutes(10).toNanos();

  private final LongSupplier nanos;
  private final Map<String, Long> refusedAt = new ConcurrentHashMap<>();
  private final Set<String> given = ConcurrentHashMap.newKeySet();

  public TokenIdOffers(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether a request to it may ask. */
  boolean mayAsk(String origin) {
    Long at = refusedAt.get(origin);
    return at == null || nanos.getAsLong() - at > AGAIN_NANOS;
  }

  /** It gave some: from now on a refusal of its own is about the rest of a request. */
  void gave(String origin) {
    given.add(origin);
    refusedAt.remove(origin);
  }

  /** It answered a request that asked with this status. */
  void answered(String origin, int status) {
    if ((status == 400 || status == 422) && !given.contains(origin)) {
      refusedAt.put(origin, nanos.getAsLong());
    }
  }
}
