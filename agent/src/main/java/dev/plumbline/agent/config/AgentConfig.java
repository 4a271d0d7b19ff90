package dev.plumbline.agent.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * All settings, checked. See {@link Key} for the meaning of each.
 *
 * @param inference where clients connect
 * @param tls how the inference port proves who it is; absent for plain text
 * @param admin where operators connect
 * @param modes what to do about exchanges
 * @param origin the server behind the proxy, of several the default; absent when the agent serves a
 *     model itself
 * @param engine what runs in this process
 * @param limits bounds
 * @param deadlines waits
 * @param origins all servers behind the proxy
 * @param sampling how many of the observed exchanges are scored
 * @param recording where exchanges are kept; absent when they are not
 * @param control how operators steer it
 * @param tracing who is told of exchanges as spans; absent for nobody
 * @param oip the agent as a model of the Open Inference Protocol; absent for off
 * @param ablated how origins are asked for answers without the direction
 * @param triggers when modes are raised; absent for never
 * @param labels which models the meters tell apart
 * @param screening how text waits for its verdict in the modes that hold it
 * @param fleet how state is shared with other agents; absent for not at all
 * @param security who may do what, and how much of it
 * @param tokens what is kept of single tokens
 */
public record AgentConfig(
    Listen inference,
    Optional<Tls> tls,
    Listen admin,
    Modes modes,
    Optional<Origin> origin,
    Engine engine,
    Limits limits,
    Deadlines deadlines,
    Sampling sampling,
    Optional<Recording> recording,
    Origins origins,
    Control control,
    Optional<Tracing> tracing,
    Optional<Oip> oip,
    Ablated ablated,
    Optional<TriggerSettings> triggers,
    Screening screening,
    Optional<FleetSettings> fleet,
    SecuritySettings security,
    Labels labels,
    KeptTokens tokens) {

  /**
   * Which models have a label of their own in the meters; names of clients never.
   *
   * @param models further names
   * @param askOrigins whether the origins are asked what they serve
   */
  public record Labels(List<String> models, boolean askOrigins) {
    public Labels {
      models = List.copyOf(models);
    }
  }

  /**
   * @param endpoint base URL of an OTLP/HTTP collector
   * @param serviceName what the agent is called there
   * @param share of the traces that begin here, from 0 to 1
   */
  public record Tracing(URI endpoint, String serviceName, double share) {}

  /**
   * @param off a plain proxy
   * @param watch the file is read again when it changes
   */
  public record Control(boolean off, boolean watch) {}

  /** An address to bind; port 0 is any free one. */
  public record Listen(String host, int port) {}

  /** PEM files: a certificate chain and its private key. */
  public record Tls(Path certificate, Path key) {}

  /**
   * @param configured the mode of a model that has none of its own
   * @param perModel by served model name
   * @param clientMayRaise whether the {@code plumbline-mode} header is acted on
   * @param fail what holds for a model that has none of its own, where a verdict is missing
   * @param failPerModel by served model name
   */
  public record Modes(
      Mode configured,
      Map<String, Mode> perModel,
      boolean clientMayRaise,
      Fail fail,
      Map<String, Fail> failPerModel) {
    public Modes {
      perModel = Map.copyOf(perModel);
      failPerModel = Map.copyOf(failPerModel);
    }

    /** What becomes of a model's answer that needs a verdict and has none. */
    public Fail failOf(String model) {
      return failPerModel.getOrDefault(model, fail);
    }

    /** The mode that holds where the model is not known: the most protective there is. */
    public Mode strictest() {
      return perModel.values().stream().reduce(configured, Mode::max);
    }

    /** What becomes of an unknown model's answer: closed, if any model's is. */
    public Fail strictestFail() {
      return failPerModel.containsValue(Fail.CLOSED) ? Fail.CLOSED : fail;
    }

    /** The mode of a model before any client had a say. */
    public Mode of(String model) {
      return perModel.getOrDefault(model, configured);
    }
  }

  /**
   * How many of the observed exchanges are scored; those of other modes all are.
   *
   * @param share from 0 to 1, of a model that has none of its own
   * @param perModel by served model name
   */
  public record Sampling(double share, Map<String, Double> perModel) {
    public Sampling {
      perModel = Map.copyOf(perModel);
    }
  }

  /**
   * The server behind the proxy.
   *
   * @param grpcUrl where it takes gRPC; the same as {@code url} unless told
   * @param tls how it is known where its URL is https, and how it knows the agent
   */
  public record Origin(
      URI url,
      URI grpcUrl,
      Duration connectTimeout,
      Duration responseTimeout,
      Duration idleTimeout,
      int maxConnections,
      int maxWaiting,
      SecuritySettings.OriginTls tls) {}

  /**
   * How the origin hands over its own hidden states.
   *
   * @param source never off
   * @param tensor the output that holds them
   * @param directory present for files
   * @param servedDirectory the same as the server sees it
   * @param layers the server's, in its order; empty for the direction's own
   * @param reference the origin serves the weights the direction was learned on
   * @param patience wait for a file
   * @param orphanAge of files to delete
   * @param bytes of one answer's states
   * @param sharedMemory whether tensors may be read and changed in regions that clients register
   */
  public record States(
      StatesSource source,
      String tensor,
      Optional<Path> directory,
      Optional<String> servedDirectory,
      List<Integer> layers,
      boolean reference,
      Duration patience,
      Duration orphanAge,
      int bytes,
      boolean sharedMemory) {
    public States {
      layers = List.copyOf(layers);
    }

    /** The same by another way. */
    public States by(StatesSource other) {
      return new States(
          other,
          tensor,
          directory,
          servedDirectory,
          layers,
          reference,
          patience,
          orphanAge,
          bytes,
          sharedMemory);
    }

    /** Whether the way is to be found out. */
    public boolean searched() {
      return source == StatesSource.AUTO;
    }
  }

  /**
   * How texts share a pass of the reader.
   *
   * @param tokens the most of one pass, unless one text alone is longer
   * @param delay how long a text may wait for others
   */
  public record Batches(int tokens, Duration delay) {}

  /**
   * What the engine in this process loads; with an origin it reads, without one it serves.
   *
   * @param directions read beside {@code direction}, by name
   * @param ablation what mode {@code ablate} does
   */
  public record Engine(
      Optional<Path> model,
      boolean organism,
      Optional<Path> direction,
      Map<String, Path> adapters,
      String dtype,
      int threads,
      int queue,
      int readerCacheMib,
      Optional<States> states,
      String device,
      Map<String, Path> directions,
      Batches batches,
      Ablation ablation) {
    public Engine {
      adapters = Map.copyOf(adapters);
      directions = Map.copyOf(directions);
    }

    Engine withDirection(Path folder) {
      return new Engine(
          model,
          organism,
          Optional.of(folder),
          adapters,
          dtype,
          threads,
          queue,
          readerCacheMib,
          states,
          device,
          directions,
          batches,
          ablation);
    }

    /** Whether there is anything to load at all. */
    public boolean wanted() {
      return loadsModel() || states.isPresent();
    }

    /** Whether a model is among it. */
    public boolean loadsModel() {
      return organism || model.isPresent();
    }
  }

  /** Bounds of memory; each has a drop rule and a counter. */
  public record Limits(
      int requestBytes,
      int observedBytes,
      int scoringQueue,
      int exchangesKept,
      int eventSubscribers) {}

  /**
   * @param file appended to
   * @param text whether prompts and answers are kept
   * @param redact what is taken out of them, by name, in this order
   */
  public record Recording(Path file, boolean text, Map<String, Pattern> redact) {}

  /**
   * The agent as a model of the Open Inference Protocol.
   *
   * @param listen a port of its own
   * @param sharedMemory whether tensors may lie in shared memory
   * @param regionBytes largest tensor taken from there
   * @param queue calls waiting or at work
   * @param sequences under way at one time
   * @param sequenceIdle one without a call is forgotten
   */
  public record Oip(
      Listen listen,
      boolean sharedMemory,
      int regionBytes,
      int queue,
      int sequences,
      Duration sequenceIdle) {}

  /**
   * The modes that let text out only once a verdict covers it.
   *
   * @param refusal what stands in a drifted answer's place
   * @param withheldTokens withhold: tokens of a stream that stay in; empty for all of them
   * @param patience how long text waits for a verdict
   * @param rescueTokens rescue: tokens of a stream that stay in
   * @param threshold rescue: score from which an origin's text is taken for drifted, whatever the
   *     verdict; empty for the verdict alone
   * @param retries rescue: further tries
   * @param rescueDeadline rescue: wait for the first text of the model without the direction
   * @param tokenIds rescue: streams are asked for their token ids
   */
  public record Screening(
      String refusal,
      OptionalInt withheldTokens,
      Duration patience,
      int rescueTokens,
      double threshold,
      int retries,
      Duration rescueDeadline,
      boolean tokenIds) {
    /** Tokens of a stream that stay in; empty for all of them. */
    public OptionalInt window(Mode mode) {
      return mode == Mode.RESCUE ? OptionalInt.of(rescueTokens) : withheldTokens;
    }
  }

  /** Waits; none is without an end. */
  public record Deadlines(
      Duration scoring,
      Duration annotate,
      Duration shutdown,
      Duration clientIdle,
      Duration connectionIdle) {}

  static AgentConfig of(Values values) {
    Origins origins = Origins.of(values);
    return new AgentConfig(
        new Listen(text(values, Key.HOST), number(values, Key.PORT)),
        values
            .find(Key.TLS_CERTIFICATE, Path.class)
            .flatMap(chain -> values.find(Key.TLS_KEY, Path.class).map(key -> new Tls(chain, key))),
        new Listen(text(values, Key.ADMIN_HOST), number(values, Key.ADMIN_PORT)),
        new Modes(
            values.get(Key.MODE, Mode.class),
            values.all(Family.MODEL_MODE, Mode.class),
            values.get(Key.CLIENT_MODES, Boolean.class),
            values.get(Key.FAIL, Fail.class),
            values.all(Family.MODEL_FAIL, Fail.class)),
        origins.first(),
        engine(values),
        limits(values),
        new Deadlines(
            duration(values, Key.SCORING_DEADLINE),
            duration(values, Key.ANNOTATE_DEADLINE),
            duration(values, Key.SHUTDOWN_DEADLINE),
            duration(values, Key.CLIENT_IDLE_TIMEOUT),
            duration(values, Key.CONNECTION_IDLE_TIMEOUT)),
        new Sampling(
            values.get(Key.SCORING_SAMPLE, Double.class),
            values.all(Family.MODEL_SAMPLE, Double.class)),
        values
            .find(Key.RECORD_FILE, Path.class)
            .map(
                file ->
                    new Recording(
                        file, values.get(Key.RECORD_TEXT, Boolean.class), Redaction.of(values))),
        origins,
        new Control(
            values.get(Key.OFF, Boolean.class), values.get(Key.RELOAD_WATCH, Boolean.class)),
        values
            .find(Key.OTEL_ENDPOINT, URI.class)
            .map(
                url ->
                    new Tracing(
                        url,
                        text(values, Key.OTEL_SERVICE_NAME),
                        values.get(Key.OTEL_SAMPLE, Double.class))),
        values.find(Key.OIP_PORT, Integer.class).map(port -> oip(port, values)),
        Ablated.of(values),
        TriggerSettings.of(values),
        new Screening(
            text(values, Key.REFUSAL_TEXT),
            values.get(Key.WITHHOLD_WINDOW, OptionalInt.class),
            duration(values, Key.WITHHOLD_DEADLINE),
            number(values, Key.RESCUE_WINDOW),
            values.get(Key.RESCUE_THRESHOLD, Double.class),
            number(values, Key.RESCUE_RETRIES),
            duration(values, Key.RESCUE_DEADLINE),
            tokenIds(values)),
        FleetSettings.of(values),
        SecuritySettings.of(values),
        new Labels(
            values.find(Key.METRICS_MODELS, List.class).map(AgentConfig::texts).orElse(List.of()),
            values.get(Key.METRICS_ASK_ORIGINS, Boolean.class)),
        KeptTokens.of(values));
  }

  /** The same with another direction that judges. */
  public AgentConfig withDirection(Path folder) {
    return new AgentConfig(
        inference,
        tls,
        admin,
        modes,
        origin,
        engine.withDirection(folder),
        limits,
        deadlines,
        sampling,
        recording,
        origins,
        control,
        tracing,
        oip,
        ablated,
        triggers,
        screening,
        fleet,
        security,
        labels,
        tokens);
  }

  private static List<String> texts(List<?> found) {
    return found.stream().map(String.class::cast).toList();
  }

  /** Whether the oip port is all there is: no model to serve and no origin. */
  public boolean onlyOip() {
    return oip.isPresent() && origin.isEmpty() && !engine.loadsModel();
  }

  private static Oip oip(int port, Values values) {
    return new Oip(
        new Listen(text(values, Key.OIP_HOST), port),
        values.get(Key.OIP_SHARED_MEMORY, Boolean.class),
        number(values, Key.STATES_BYTES),
        number(values, Key.OIP_QUEUE),
        number(values, Key.OIP_SEQUENCES),
        duration(values, Key.OIP_SEQUENCE_IDLE));
  }

  static Origin origin(URI url, URI grpcUrl, Values values) {
    return new Origin(
        url,
        grpcUrl,
        duration(values, Key.ORIGIN_CONNECT_TIMEOUT),
        duration(values, Key.ORIGIN_RESPONSE_TIMEOUT),
        duration(values, Key.ORIGIN_IDLE_TIMEOUT),
        number(values, Key.ORIGIN_MAX_CONNECTIONS),
        number(values, Key.ORIGIN_MAX_WAITING),
        SecuritySettings.originTls(values));
  }

  /** A server that is not known may refuse a member that it does not know. */
  private static boolean tokenIds(Values values) {
    String word = text(values, Key.RESCUE_TOKEN_IDS);
    boolean known =
        values
            .find(Key.ABLATED_SERVER, AdapterHost.class)
            .filter(host -> host == AdapterHost.VLLM || host == AdapterHost.SGLANG)
            .isPresent();
    return word.equals("on") || (word.equals("auto") && known);
  }

  private static Engine engine(Values values) {
    return new Engine(
        values.find(Key.MODEL, Path.class),
        values.get(Key.ORGANISM, Boolean.class),
        values.find(Key.DIRECTION, Path.class),
        values.all(Family.ADAPTER, Path.class),
        text(values, Key.DTYPE),
        number(values, Key.THREADS),
        number(values, Key.GENERATION_QUEUE),
        number(values, Key.READER_CACHE),
        Optional.of(values.get(Key.STATES_TAP, StatesSource.class))
            .filter(source -> source != StatesSource.OFF)
            .map(source -> states(source, values)),
        text(values, Key.DEVICE),
        values.all(Family.DIRECTION, Path.class),
        new Batches(
            number(values, Key.SCORING_BATCH_TOKENS), duration(values, Key.SCORING_BATCH_DELAY)),
        Ablation.of(values));
  }

  private static States states(StatesSource source, Values values) {
    List<?> layers = values.find(Key.STATES_LAYERS, List.class).orElse(List.of());
    return new States(
        source,
        text(values, Key.STATES_TENSOR),
        values.find(Key.STATES_DIRECTORY, Path.class),
        values.find(Key.STATES_SERVED_DIRECTORY, String.class),
        layers.stream().map(Integer.class::cast).toList(),
        values.get(Key.STATES_REFERENCE, Boolean.class),
        duration(values, Key.STATES_PATIENCE),
        duration(values, Key.STATES_ORPHAN_AGE),
        number(values, Key.STATES_BYTES),
        values.get(Key.STATES_SHARED_MEMORY, Boolean.class));
  }

  private static Limits limits(Values values) {
    return new Limits(
        number(values, Key.REQUEST_BYTES),
        number(values, Key.OBSERVED_BYTES),
        number(values, Key.SCORING_QUEUE),
        number(values, Key.EXCHANGES_KEPT),
        number(values, Key.EVENTS_SUBSCRIBERS));
  }

  private static String text(Values values, Key key) {
    return values.get(key, String.class);
  }

  private static int number(Values values, Key key) {
    return values.get(key, Integer.class);
  }

  private static Duration duration(Values values, Key key) {
    return values.get(key, Duration.class);
  }
}
