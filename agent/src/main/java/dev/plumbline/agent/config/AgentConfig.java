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
    ModeSettings modes,
    Optional<Origin> origin,
    EngineSettings engine,
    Limits limits,
    Deadlines deadlines,
    Sampling sampling,
    Optional<Recording> recording,
    Origins origins,
    Control control,
    Optional<Tracing> tracing,
    Optional<OipSettings> oip,
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
   * @param tokenIds rescue: whose streams are asked for their token ids
   */
  public record Screening(
      String refusal,
      OptionalInt withheldTokens,
      Duration patience,
      int rescueTokens,
      double threshold,
      int retries,
      Duration rescueDeadline,
      TokenIds tokenIds) {
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
        ModeSettings.of(values),
        origins.first(),
        EngineSettings.of(values),
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
        OipSettings.of(values),
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
            TokenIds.of(values)),
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

  static Origin origin(URI url, URI grpcUrl, Values values, SecuritySettings.OriginTls tls) {
    return new Origin(
        url,
        grpcUrl,
        duration(values, Key.ORIGIN_CONNECT_TIMEOUT),
        duration(values, Key.ORIGIN_RESPONSE_TIMEOUT),
        duration(values, Key.ORIGIN_IDLE_TIMEOUT),
        number(values, Key.ORIGIN_MAX_CONNECTIONS),
        number(values, Key.ORIGIN_MAX_WAITING),
        tls);
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
