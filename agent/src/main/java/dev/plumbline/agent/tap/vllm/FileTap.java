package dev.plumbline.agent.tap.vllm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.core.residual.Conventions;
import dev.plumbline.core.residual.TapPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * vLLM with {@code extract_hidden_states} and {@code ExampleHiddenStatesConnector}: the server
 * writes one safetensors file per request when it finishes; the tap finds, reads and deletes it.
 * Needs vLLM 0.18 or newer with {@code include_output_tokens}, and a volume that both can write to.
 * Owns two threads. Thread-safe.
 */
public final class FileTap implements StatesTap {
  private static final Logger LOG = LoggerFactory.getLogger(FileTap.class);
  private static final int THREADS = 2;
  private static final String PARAMETERS = "kv_transfer_params";

  /**
   * How the server was started, and how patient to be.
   *
   * @param directory the shared volume as the agent sees it
   * @param asServed {@code shared_storage_path}, as the server sees it
   * @param auxiliaryIds {@code eagle_aux_hidden_state_layer_ids}, in that order
   * @param layers L of the served model
   * @param patience how long to wait for a file once the answer has ended
   * @param orphanAge older files that nobody came for are deleted; well above the longest answer
   * @param mostBytes of an answer's states
   */
  public record Settings(
      Path directory,
      Path asServed,
      List<Integer> auxiliaryIds,
      int layers,
      Duration patience,
      Duration orphanAge,
      long mostBytes) {
    public Settings {
      auxiliaryIds = List.copyOf(auxiliaryIds);
      if (auxiliaryIds.isEmpty() || orphanAge.compareTo(patience) <= 0) {
        throw new IllegalArgumentException(
            "hidden-states files: wanted layer ids, and an orphan age above the patience of "
                + patience
                + ", found "
                + auxiliaryIds
                + " and "
                + orphanAge
                + "; take both from the server's command line");
      }
    }
  }

  private final Settings settings;
  private final List<TapPoint> points;
  private final StatesFolder folder;
  private final Clock clock;
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService threads;

  public FileTap(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.points =
        settings.auxiliaryIds().stream()
            .map(id -> Conventions.fromVllmAuxiliaryId(id, settings.layers()))
            .toList();
    this.folder = new StatesFolder(settings.directory(), settings.asServed());
    this.threads = Executors.newScheduledThreadPool(THREADS, FileTap::thread);
    long step = settings.orphanAge().toNanos();
    threads.scheduleWithFixedDelay(this::sweep, 0, step, TimeUnit.NANOSECONDS);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-states-files");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public List<TapPoint> points() {
    return points;
  }

  @Override
  public Optional<StatesExchange> decorate(OriginRequest request) {
    return VllmRequest.of(request).flatMap(this::decorate);
  }

  /** A client that set the parameters itself reads and deletes its file itself, too. */
  private Optional<StatesExchange> decorate(VllmRequest request) {
    boolean asked = request.json().asked(PARAMETERS);
    Optional<ObjectNode> parameters = request.json().object(PARAMETERS);
    if (parameters.isEmpty()) {
      return Optional.empty();
    }
    if (!parameters.get().has("include_output_tokens")) {
      parameters.get().put("include_output_tokens", true);
    }
    return Optional.of(new FileExchange(this, request, asked));
  }

  Settings settings() {
    return settings;
  }

  StatesFolder folder() {
    return folder;
  }

  ScheduledExecutorService threads() {
    return threads;
  }

  /** Deletes what nobody came for; runs by itself. */
  void sweep() {
    try {
      int swept = folder.sweep(clock.instant().minus(settings.orphanAge()));
      if (swept > 0) {
        LOG.info("deleted {} hidden-states files that nobody came for", swept);
      }
    } catch (IOException | RuntimeException e) {
      complain("sweep", "could not look for orphans in " + folder.directory() + ": " + e);
    }
  }

  void delete(String name) {
    try {
      folder.delete(name);
    } catch (IOException | RuntimeException e) {
      complain("delete", "could not delete from " + folder.directory() + ": " + e);
    }
  }

  /** Says a thing once; the counter of unscored exchanges tells how often. */
  void complain(String kind, String what) {
    if (said.add(kind)) {
      LOG.warn("hidden-states files: {}; said once", what);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
