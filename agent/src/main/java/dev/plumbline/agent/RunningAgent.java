package dev.plumbline.agent;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.cli.Launcher;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.fleet.Fleet;
import dev.plumbline.agent.fleet.FleetDesk;
import dev.plumbline.agent.ports.JsonBounds;
import dev.plumbline.agent.reload.Reloadable;
import dev.plumbline.agent.reload.Reloader;
import dev.plumbline.agent.scoring.Ledger;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent from its first bound port to its last answer. Owns all it is made of. */
final class RunningAgent implements Launcher.Running {
  private static final Logger LOG = LoggerFactory.getLogger(RunningAgent.class);
  private static final int BIND_SECONDS = 30;

  static {
    JsonBounds.install();
  }

  private final AgentParts parts;
  private final ClientPorts clients;
  private final AdminPort admin;
  private Optional<Reloading> reloading = Optional.empty();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param variants who answers without the direction, beside those of the configuration
   * @param fleets makes the way to other agents
   */
  RunningAgent(
      AgentConfig config, AblatedVariants variants, Function<FleetSettings, Fleet> fleets) {
    this.parts = new AgentParts(config, variants, fleets);
    this.clients = new ClientPorts(parts);
    this.admin = new AdminPort(parts);
  }

  /** Lets it read its settings again; call before {@link #listen}. */
  void reloadFrom(LoadedConfig loaded, ConfigSources sources) {
    Reloadable agent =
        new LiveParts(parts.engines, parts.killSwitch, parts.models, this::rereadSecrets);
    Reloader reloader = new Reloader(loaded, sources, parts.live, parts.meters, agent);
    reloading = Optional.of(new Reloading(reloader, sources, parts.config.control().watch()));
  }

  /** Tokens and certificates whose files changed under the same names. */
  private void rereadSecrets() {
    if (parts.access.reread()) {
      parts.ledger.feed().end();
    }
    parts.ports.reread(clients.inference(), clients.oip(), admin.servers());
    parts.origins.ifPresent(table -> table.reread(parts.ports::kept));
    parts.asker.reread(parts.ports::kept);
  }

  /** Every route of the admin port, as METHOD and path; for tests that must forget none. */
  List<String> adminRoutes() {
    return admin.routes();
  }

  @Override
  public void reload() {
    reloading.ifPresent(r -> r.reloader().reload());
  }

  /** Binds the ports. */
  void listen() {
    try {
      Future<?> all = Future.all(admin.bind(reloading), clients.bind());
      all.toCompletionStage().toCompletableFuture().get(BIND_SECONDS, TimeUnit.SECONDS);
      parts.watch.health(parts.vertx, parts.asker);
      parts.fleet.ifPresent(FleetDesk::start);
    } catch (Exception e) {
      close();
      throw unbound(e.getCause() == null ? e : e.getCause());
    }
  }

  private CommandFailure unbound(Throwable cause) {
    AgentConfig config = parts.config;
    return new CommandFailure(
        ExitCode.FAILED,
        "wanted to listen on %s, %s%s, found: %s; free the port or choose another"
            .formatted(
                shown(config.inference()),
                shown(config.admin()),
                config.oip().map(port -> ", " + shown(port.listen())).orElse(""),
                cause.getMessage()),
        cause);
  }

  private static String shown(AgentConfig.Listen listen) {
    return listen.host() + ":" + listen.port();
  }

  /** Loads the engines, beside the servers that run. */
  void load(Engines by) {
    try {
      parts.watch.begin(parts.vertx, parts.asker, by, parts.ledger.feed()::announce);
    } catch (CommandFailure e) {
      close();
      throw e;
    }
    parts.engines.whenLoaded(this::label);
    parts.engines.load(by);
  }

  /** What is served here has labels before it is asked for. */
  private void label() {
    parts
        .engines
        .models()
        .ifPresent(all -> all.models().forEach(each -> parts.models.admit(each.name())));
  }

  Ledger ledger() {
    return parts.ledger;
  }

  @Override
  public int port() {
    return clients.port();
  }

  @Override
  public OptionalInt oipPort() {
    return clients.oipPort();
  }

  @Override
  public int adminPort() {
    return admin.port();
  }

  @Override
  public void awaitReady() {
    parts.engines.await();
  }

  @Override
  public void awaitStop() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      awaitOtherClose();
      return;
    }
    try {
      reloading.ifPresent(Reloading::close);
      parts.fleet.ifPresent(FleetDesk::close);
      parts.engines.stopping();
      long deadline = System.nanoTime() + parts.config.deadlines().shutdown().toNanos();
      clients.drain(deadline);
      Drain.exchanges(parts.ledger, deadline);
    } finally {
      parts.owned().forEach(RunningAgent::free);
      closed.countDown();
    }
  }

  /** What cannot be freed must not keep the rest, or whoever waits for the end. */
  private static void free(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("at the end: {}", e.toString());
    }
  }

  private void awaitOtherClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
