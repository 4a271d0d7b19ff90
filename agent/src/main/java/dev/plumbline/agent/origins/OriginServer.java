package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.Origins;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.ports.TlsClients;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server behind the proxy, as all event loops know it. Thread-safe. */
public final class OriginServer {
  private static final Logger LOG = LoggerFactory.getLogger(OriginServer.class);

  private final Origins.Named configured;
  private final Meters meters;
  private final Health health;
  private volatile TapChoice tap = TapChoice.configured("off");
  private final TlsClients clients = new TlsClients();
  private final List<Runnable> whenHealthy = new CopyOnWriteArrayList<>();
  private final AtomicInteger inFlight = new AtomicInteger();

  OriginServer(Origins.Named configured, Meters meters, Clock clock, LongSupplier nanos) {
    this.configured = Objects.requireNonNull(configured, "configured");
    this.meters = meters;
    this.health = new Health(clock, nanos, this::turned);
    meters.gauge(Meter.ORIGIN_HEALTHY, () -> health.healthy() ? 1 : 0, name());
    meters.gauge(Meter.ORIGIN_IN_FLIGHT, inFlight::get, name());
  }

  /** From the configuration, so it may be a label. */
  public String name() {
    return configured.name();
  }

  public AgentConfig.Origin settings() {
    return configured.settings();
  }

  /** Where its requests go. */
  public OriginAddress address() {
    return new OriginAddress(settings().url(), settings().tls().serverName());
  }

  /** Where its gRPC calls go. */
  public OriginAddress calls() {
    return new OriginAddress(settings().grpcUrl(), settings().tls().serverName());
  }

  /** All event loops' connections to it. */
  public TlsClients clients() {
    return clients;
  }

  /** The patterns it claims; empty for the default. */
  public List<String> models() {
    return configured.models();
  }

  Origins.Named configured() {
    return configured;
  }

  public Health health() {
    return health;
  }

  /** Which way its hidden states, or their like, are had. */
  public TapChoice tap() {
    return tap;
  }

  /** What is to be done, too, when it comes back; must be quick. */
  public void whenHealthy(Runnable then) {
    whenHealthy.add(then);
  }

  /** Tells the way. */
  public void tap(TapChoice choice) {
    tap = choice;
  }

  /** Requests and tunnels under way to it. */
  public int inFlight() {
    return inFlight.get();
  }

  public void began() {
    inFlight.incrementAndGet();
  }

  public void ended() {
    inFlight.decrementAndGet();
  }

  /**
   * What an answer's status says of its health: 502, 503 and 504 are what a server says that is
   * loading, overrun or broken behind its own door; any other, 500 included, is about one request.
   */
  public void answered(int status) {
    if (status == 502 || status == 503 || status == 504) {
      health.failed("it answered " + status);
    } else {
      health.succeeded();
    }
  }

  /** It could not be reached, or its connection broke before an answer. */
  public void unreachable(Throwable failure) {
    Optional<TlsFailure> tls = TlsFailure.of(failure);
    tls.ifPresent(kind -> meters.count(Meter.ORIGIN_TLS_FAILURES, name(), kind.wireName()));
    health.failed(TlsFailure.words(failure));
  }

  private void turned(Health.Turn turn) {
    meters.count(Meter.ORIGIN_TURNS, name(), turn.to().wireName());
    if (turn.to() == Health.State.HEALTHY) {
      LOG.info("origin {} ({}) is healthy again: {}", name(), settings().url(), turn.why());
      whenHealthy.forEach(Runnable::run);
    } else {
      LOG.warn(
          "origin {} ({}) is unhealthy: wanted answers, found {} failures in a row, the last: {};"
              + " its replicas take its requests, and where it has none it is tried all the same",
          name(),
          settings().url(),
          Health.FAILURES,
          turn.why());
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
