package dev.plumbline.agent;

import dev.plumbline.agent.admin.Readiness;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.config.StatesSettings;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.embedded.Judging;
import dev.plumbline.agent.embedded.OpenedArtefact;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.oip.OipModel;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.record.Recorder;
import dev.plumbline.agent.record.RecordingTap;
import dev.plumbline.agent.record.Redactor;
import dev.plumbline.agent.tap.ArtefactCard;
import dev.plumbline.agent.tap.DeviceUse;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.core.score.UnscoredReason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the engines beside the running servers, and knows how far that is. Thread-safe. */
final class EngineRoom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineRoom.class);
  private static final Engines.Loaded NOTHING =
      new Engines.Loaded(Optional.empty(), Optional.empty());

  private final AgentConfig config;
  private final Meters meters;
  private final CompletableFuture<Engines.Loaded> loading = new CompletableFuture<>();
  private volatile Engines.Loaded loaded = NOTHING;
  private final Optional<Recorder> recorder;
  private volatile List<ArtefactCard> cards = List.of();
  private final Retiring retiring = new Retiring();
  private final ArtefactMeters shown;
  private final EngineMeters watched;
  private volatile Engines by = Engines.none();
  private volatile Optional<Judging> judging = Optional.empty();
  private volatile boolean stopping;
  private final Set<OpenedArtefact> counted = ConcurrentHashMap.newKeySet();
  private final Object ending = new Object();

  /** Nothing is loaded any more; guarded by {@link #ending}. */
  private boolean ended;

  EngineRoom(AgentConfig config, Meters meters) {
    this.config = config;
    this.meters = meters;
    this.shown = new ArtefactMeters(meters);
    this.recorder =
        config
            .recording()
            .map(asked -> new Recorder(asked.file(), meters, new Redactor(asked.redact())));
    this.watched = new EngineMeters(meters, () -> loaded);
    meters.gauge(Meter.READY, () -> readiness().state() == Readiness.State.READY ? 1 : 0);
  }

  /** Begins to load, on a thread of its own. */
  void load(Engines engines) {
    by = engines;
    if (!judges()) {
      loaded = recorded(NOTHING);
      loading.complete(loaded);
      return;
    }
    Thread loader = new Thread(() -> open(engines), "plumbline-load");
    loader.setDaemon(true);
    loader.start();
  }

  private void open(Engines engines) {
    try {
      Engines.Loaded opened = engines.open(config);
      judging = fitting(opened, config, engines, config);
      opened.models().ifPresent(models -> watched.queue());
      shown.show(opened.artefacts());
      watched.told(opened);
      cards = cards(engines, config);
      loaded = recorded(opened);
      loading.complete(loaded);
    } catch (RuntimeException | Error e) {
      LOG.error("the engine could not be loaded: {}", e.getMessage());
      loading.completeExceptionally(e);
    } finally {
      countSignatures();
    }
  }

  /** Of artefacts that were opened, or refused, since it was last asked. */
  private void countSignatures() {
    by.artefacts().stream()
        .filter(counted::add)
        .forEach(each -> meters.count(Meter.ARTEFACT_SIGNATURES, each.signature()));
  }

  /** Artefacts opened or refused so far. */
  List<OpenedArtefact> artefacts() {
    return by.artefacts();
  }

  /**
   * Whether an engine is to judge, loaded or not yet; without one there is nothing to adopt for.
   */
  boolean judges() {
    return config.engine().wanted() || config.oip().isPresent();
  }

  /** The direction that judges; empty for none. */
  Optional<Judging> judging() {
    return judging;
  }

  /** Reads an artefact without using it; throws when it cannot be. */
  void check(Path folder) {
    by.check(config.withDirection(folder));
  }

  /**
   * Judges what begins from now on by another direction. Its engines are loaded beside those that
   * run, which takes their memory a second time until the exchanges under way, judged by the old
   * one, have ended.
   *
   * @param folder of the artefact; empty for the configured one
   * @param live settings it has to fit
   * @param page tells earlier exchanges from those to come
   * @throws RuntimeException that says why not; all is as before then
   */
  synchronized void adopt(Optional<Path> folder, AgentConfig live, Supplier<IntSupplier> page) {
    await();
    if (config.engine().states().filter(StatesSettings::searched).isPresent()) {
      throw Fitting.misfit("wanted a tap that is configured, found states.tap auto; name the way");
    }
    if (!judges()) {
      return;
    }
    retiring.await();
    AgentConfig next = folder.map(config::withDirection).orElse(config);
    Engines.Loaded opened;
    try {
      opened = by.open(next);
    } finally {
      countSignatures();
    }
    judging = fitting(opened, live, by, next);
    Engines.Loaded before = exchange(opened);
    shown.show(opened.artefacts());
    cards = cards(by, next);
    retiring.begin(before, page.get());
  }

  /** The direction that judges with what was opened, which is freed again where it does not fit. */
  private static Optional<Judging> fitting(
      Engines.Loaded opened, AgentConfig wanted, Engines engines, AgentConfig by) {
    try {
      Fitting.require(wanted, opened);
      return engines.judging(by);
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /** Puts engines in the place of others, which are returned; not while the agent ends. */
  private Engines.Loaded exchange(Engines.Loaded opened) {
    synchronized (ending) {
      if (ended) {
        opened.close();
        throw new IllegalStateException("the agent ended while the engines were opened");
      }
      Engines.Loaded before = loaded;
      loaded = recorded(opened);
      return before;
    }
  }

  /** They were just read, so one that cannot be read now is a file that changes under us. */
  private static List<ArtefactCard> cards(Engines engines, AgentConfig config) {
    try {
      return engines.cards(config);
    } catch (RuntimeException e) {
      LOG.warn("the artefacts in use cannot be shown: {}", e.getMessage());
      return List.of();
    }
  }

  private Engines.Loaded recorded(Engines.Loaded opened) {
    return recorder
        .map(
            kept -> {
              boolean text = config.recording().orElseThrow().text();
              UnscoredReason without =
                  config.engine().wanted() ? UnscoredReason.NO_HIDDEN_STATES : UnscoredReason.OFF;
              Tap tap = new RecordingTap(opened.tap(), kept, text, without);
              return new Engines.Loaded(
                  opened.models(),
                  Optional.of(tap),
                  opened.states(),
                  opened.oip(),
                  opened.device(),
                  opened.artefacts());
            })
        .orElse(opened);
  }

  /** Whether all is there that is going to be; in front of an origin nothing depends on it. */
  boolean loaded() {
    return config.origin().isPresent() || loading.isDone();
  }

  /**
   * Why other settings do not fit what is loaded, for a person; empty when they do. In front of an
   * origin only ablation needs anything.
   */
  Optional<String> misfit(AgentConfig proposed) {
    if (proposed.origin().isPresent() && proposed.modes().strictest() != Mode.ABLATE) {
      return Optional.empty();
    }
    try {
      Fitting.require(proposed, loaded);
      return Optional.empty();
    } catch (CommandFailure e) {
      return Optional.of(e.getMessage());
    }
  }

  /** What computes, and how it fares. */
  DeviceUse device() {
    return loaded.device().get();
  }

  Optional<TextModels> models() {
    return loaded.models();
  }

  Optional<Tap> tap() {
    return loaded.tap();
  }

  /** What the directions in use say of themselves; none before they are loaded. */
  List<ArtefactCard> cards() {
    return cards;
  }

  Optional<OipModel> oip() {
    return loaded.oip();
  }

  Optional<StatesScoring> states() {
    return loaded.states();
  }

  Readiness readiness() {
    if (stopping) {
      return new Readiness(Readiness.State.STOPPING, "finishing what is in flight");
    }
    if (loading.isCompletedExceptionally()) {
      return new Readiness(Readiness.State.FAILED, "the engine could not be loaded; see the log");
    }
    return loading.isDone()
        ? new Readiness(Readiness.State.READY, serving())
        : new Readiness(Readiness.State.STARTING, "loading the model");
  }

  /** An agent whose device fails goes on passing traffic, so it stays ready; but it says so. */
  private String serving() {
    return device().failing()
        ? "serving; the device fails, answers are unscored(device_error) until a trial succeeds"
        : "serving";
  }

  void stopping() {
    stopping = true;
  }

  /** Runs something once all is there; never, where it cannot be loaded. */
  void whenLoaded(Runnable then) {
    loading.thenRun(then);
  }

  /** Waits for the end of loading. */
  void await() {
    try {
      loading.join();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof CommandFailure known) {
        throw known;
      }
      throw new CommandFailure(
          ExitCode.FAILED, "the engine could not be loaded: " + e.getCause(), e.getCause());
    }
  }

  /** Frees the engines; those still loading are freed once they are there. */
  @Override
  public void close() {
    synchronized (ending) {
      ended = true;
    }
    retiring.close();
    loading.thenAccept(first -> loaded.close()).exceptionally(failure -> null);
    recorder.ifPresent(Recorder::close);
  }
}
