package dev.plumbline.agent.origins;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Origins that serve the same. The healthy one with the fewest requests under way takes the next,
 * equals in turn; where none is healthy the same holds of all, since a guess about health must not
 * make an outage worse. Thread-safe.
 */
public final class Replicas {
  private final List<OriginServer> servers;

  /** Whether unhealthy ones are asked by themselves, and need no request of a client's. */
  private final boolean asked;

  private final AtomicInteger turn = new AtomicInteger();

  Replicas(List<OriginServer> servers, boolean asked) {
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("replicas: wanted at least one origin, found none");
    }
    this.servers = List.copyOf(servers);
    this.asked = asked;
  }

  public List<OriginServer> servers() {
    return servers;
  }

  /** Who takes the next request. */
  public OriginServer pick() {
    if (servers.size() == 1) {
      return servers.get(0);
    }
    int first = turn.getAndIncrement();
    return due()
        .or(() -> idlest(first, s -> s.health().healthy()))
        .or(() -> idlest(first, s -> true))
        .orElseThrow();
  }

  /** Who takes it where that one could not be reached; healthy ones only. */
  public Optional<OriginServer> other(OriginServer than) {
    return idlest(turn.get(), s -> s != than && s.health().healthy());
  }

  /** An unhealthy one whose wait is over: this request tries it, and goes elsewhere if it fails. */
  private Optional<OriginServer> due() {
    return asked ? Optional.empty() : servers.stream().filter(s -> s.health().claimTry()).findAny();
  }

  private Optional<OriginServer> idlest(int first, Predicate<OriginServer> which) {
    return IntStream.range(0, servers.size())
        .mapToObj(i -> servers.get(Math.floorMod(first + i, servers.size())))
        .filter(which)
        .min(Comparator.comparingInt(OriginServer::inFlight));
  }
}
