package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.Origins;
import dev.plumbline.agent.metrics.Meters;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Which origins serve which model. A name goes to those that claim it most closely: by itself, then
 * by the longest pattern, then to the default. Those that claim it equally are its replicas.
 * Thread-safe.
 */
public final class OriginTable {
  private final List<OriginServer> all;
  private final Map<String, OriginServer> byName = new HashMap<>();
  private final Replicas fallback;
  private final boolean asked;

  /** By the set of servers, which is bounded by the patterns, not by the names clients send. */
  private final Map<List<OriginServer>, Replicas> groups = new ConcurrentHashMap<>();

  /**
   * @param origins at least one
   * @param nanos as {@link System#nanoTime}
   */
  public OriginTable(Origins origins, Meters meters, Clock clock, LongSupplier nanos) {
    this.asked = origins.healthPath().isPresent();
    Map<Origins.Named, OriginServer> servers = new LinkedHashMap<>();
    origins.all().forEach(o -> servers.put(o, new OriginServer(o, meters, clock, nanos)));
    this.all = List.copyOf(servers.values());
    all.forEach(server -> byName.put(server.name(), server));
    this.fallback = group(origins.defaults().stream().map(servers::get).toList());
  }

  public List<OriginServer> all() {
    return all;
  }

  /** The origin of a configured name. */
  public OriginServer get(String name) {
    return byName.get(name);
  }

  /** Reads the files of their certificates anew, so not on an event loop. */
  public void reread(Consumer<Throwable> kept) {
    all.forEach(server -> server.clients().reread(kept));
  }

  /** Whether there is anything to choose. */
  public boolean several() {
    return all.size() > 1;
  }

  /** Who takes what names no model. */
  public Replicas fallback() {
    return fallback;
  }

  /** Who takes a model's requests. */
  public Replicas of(String model) {
    int closest = all.stream().mapToInt(s -> s.configured().claims(model)).max().orElse(-1);
    return closest < 0
        ? fallback
        : group(all.stream().filter(s -> s.configured().claims(model) == closest).toList());
  }

  private Replicas group(List<OriginServer> servers) {
    return groups.computeIfAbsent(servers, s -> new Replicas(s, asked));
  }
}
