package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every setting of the agent that stands for one value: its name in a file, its default, its type.
 * The environment form is derived: {@code origin.connect-timeout} is {@code
 * PLUMBLINE_ORIGIN_CONNECT_TIMEOUT}. Families with free names, {@code models.NAME.mode}, {@code
 * models.NAME.fail}, {@code adapters.NAME}, {@code trigger.rules.NAME} and {@code directions.NAME},
 * are {@link Family}.
 */
public enum Key {
  HOST("host", "127.0.0.1", ValueType.TEXT, "address the inference port binds to"),
  PORT("port", "8080", ValueType.PORT, "inference port"),
  TLS_CERTIFICATE(
      "tls.certificate",
      null,
      ValueType.PATH,
      "PEM chain of the inference and the oip port; with tls.key"),
  TLS_KEY("tls.key", null, ValueType.PATH, "PEM private key of tls.certificate"),
  TLS_CLIENT_CA(
      "tls.client-ca",
      null,
      ValueType.PATH,
      "PEM certificates; a client must show one that they signed"),
  ADMIN_HOST("admin.host", "127.0.0.1", ValueType.TEXT, "address the admin port binds to"),
  ADMIN_PORT("admin.port", "8081", ValueType.PORT, "admin port: metrics, health, verdicts"),
  ADMIN_READ_TOKEN(
      "admin.read-token-file",
      null,
      ValueType.TOKEN,
      "whoever sends its token may look; read again by a reload"),
  ADMIN_OPERATE_TOKEN(
      "admin.operate-token-file",
      null,
      ValueType.TOKEN,
      "whoever sends its token may act, too; read again by a reload"),
  ADMIN_TLS_CERTIFICATE(
      "admin.tls.certificate", null, ValueType.PATH, "PEM chain of the admin port"),
  ADMIN_TLS_KEY("admin.tls.key", null, ValueType.PATH, "PEM private key of it"),
  ADMIN_TLS_CLIENT_CA(
      "admin.tls.client-ca",
      null,
      ValueType.PATH,
      "PEM certificates; who shows one that they signed may act"),
  ADMIN_INSECURE(
      "admin.insecure",
      "false",
      ValueType.FLAG,
      "bind the admin port beyond this machine without credentials"),
  ADMIN_METRICS(
      "admin.metrics", "open", ValueType.METRICS_ACCESS, "who may read /metrics: open or read"),
  OFF("off", "false", ValueType.FLAG, Change.LIVE, "be a plain proxy, as after plumbline off"),
  RELOAD_WATCH(
      "reload.watch", "false", ValueType.FLAG, "look for changes of --config and reload it"),
  MODE("mode", "observe", ValueType.MODE, Change.LIVE, "what to do about an exchange"),
  CLIENT_MODES(
      "client-modes",
      "true",
      ValueType.FLAG,
      Change.LIVE,
      "let the plumbline-mode header raise the mode"),
  FAIL(
      "fail",
      "open",
      ValueType.FAIL,
      Change.LIVE,
      "an answer whose mode needs a verdict and that has none"),
  CLIENT_IDLE_TIMEOUT(
      "client.idle-timeout",
      "300s",
      ValueType.DURATION,
      Change.LIVE,
      "wait for a client to take its answer"),
  CONNECTION_IDLE_TIMEOUT(
      "connection.idle-timeout",
      "600s",
      ValueType.DURATION,
      "a client's connection without a byte, in front of an origin; the longest of all waits"),
  CLIENT_CONNECTIONS(
      "client.connections",
      "16384",
      ValueType.COUNT,
      "connections of clients at one time, an inference port; more are closed"),
  CLIENT_HEAD_TIMEOUT(
      "client.head-timeout",
      "60s",
      ValueType.DURATION,
      "a new connection must bring a request within; a later request's head, from its first byte"),
  CLIENT_BODY_TIMEOUT(
      "client.body-timeout",
      "300s",
      ValueType.DURATION,
      "a request's body must be there within; gRPC calls apart"),
  ORIGIN_URL("origin.url", null, ValueType.URL, "the model server to stand in front of"),
  ORIGIN_GRPC_URL(
      "origin.grpc-url",
      null,
      ValueType.URL,
      "where the origin takes gRPC; origin.url if left out"),
  ORIGIN_CONNECT_TIMEOUT(
      "origin.connect-timeout", "5s", ValueType.DURATION, "wait for a connection to the origin"),
  ORIGIN_RESPONSE_TIMEOUT(
      "origin.response-timeout", "300s", ValueType.DURATION, "wait for the origin's first byte"),
  ORIGIN_IDLE_TIMEOUT(
      "origin.idle-timeout", "120s", ValueType.DURATION, "wait for the next byte of an answer"),
  ORIGIN_MAX_CONNECTIONS(
      "origin.max-connections", "512", ValueType.COUNT, "connections open to the origin"),
  ORIGIN_MAX_WAITING(
      "origin.max-waiting", "1024", ValueType.COUNT, "requests waiting for a connection"),
  ORIGIN_TLS_CA(
      "origin.tls.ca",
      null,
      ValueType.PATH,
      "PEM certificates that sign the origins'; left out: those the JDK trusts"),
  ORIGIN_TLS_CERTIFICATE(
      "origin.tls.certificate", null, ValueType.PATH, "PEM chain the agent shows the origins"),
  ORIGIN_TLS_KEY("origin.tls.key", null, ValueType.PATH, "PEM private key of it"),
  ORIGIN_TLS_SERVER_NAME(
      "origin.tls.server-name",
      null,
      ValueType.SERVER_NAME,
      "name the origins' certificates bear, where it is not their URL's host"),
  ORIGIN_HEALTH_PATH(
      "origin.health-path",
      null,
      ValueType.URL_PATH,
      "asked of each origin; left out: only what its traffic shows"),
  ORIGIN_HEALTH_INTERVAL(
      "origin.health-interval", "5s", ValueType.DURATION, "between two questions to a healthy one"),
  MODEL("model", null, ValueType.PATH, "model served; with origin.url: the reference that reads"),
  ORGANISM("organism", "false", ValueType.FLAG, "use the shipped miniature organism"),
  DIRECTION("direction", null, ValueType.PATH, "artefact folder to score and ablate with"),
  DIRECTION_TRUSTED_KEYS(
      "direction.trusted-keys",
      null,
      ValueType.PATHS,
      "public key files such as a.pub.pem,b.pub.pem; artefacts they did not sign are refused"),
  ABLATE_KIND(
      "ablate.kind",
      "affine",
      ValueType.ABLATION,
      "what mode ablate does in a model served here; affine: to the aligned mean"),
  ABLATE_STRENGTH(
      "ablate.strength", "1", ValueType.STRENGTH, "plain, affine: share that is taken out"),
  ABLATE_COEFFICIENT(
      "ablate.coefficient",
      null,
      ValueType.NUMBER,
      "steer, set: in standard deviations of aligned answers; negative leads away from misaligned"),
  ABLATE_FLOOR("ablate.floor", null, ValueType.LIMIT, "cap: least projection"),
  ABLATE_CEILING("ablate.ceiling", null, ValueType.LIMIT, "cap: greatest projection"),
  ABLATE_LAYERS(
      "ablate.layers", null, ValueType.LAYERS, "layers touched; every writer when left out"),
  ABLATE_FROM_TOKEN(
      "ablate.from-token", "0", ValueType.INDEX, "first position touched; 1 spares the first"),
  ABLATE_KEEP_NORM(
      "ablate.keep-norm", "false", ValueType.FLAG, "bring each changed state back to its length"),
  ABLATE_WITH(
      "ablate.with",
      null,
      ValueType.NAMES,
      "plain, affine: directions.NAME taken out with the main one, as one subspace"),
  ABLATE_PROFILE(
      "ablate.profile", null, ValueType.KERNEL, "plain, affine: strength by layer instead of one"),
  ABLATE_ALIGNED_TEXTS(
      "ablate.aligned-texts",
      null,
      ValueType.PATH,
      "cap: a record.file with texts of aligned answers to measure percentiles on; left out: a"
          + " normal approximation"),
  STATES_TAP(
      "states.tap", "off", ValueType.STATES_SOURCE, "how the origin hands over hidden states"),
  STATES_TENSOR(
      "states.tensor", "hidden_states", ValueType.TEXT, "oip: the output that holds them"),
  STATES_DIRECTORY(
      "states.directory", null, ValueType.PATH, "vllm-files: the volume shared with the server"),
  STATES_SERVED_DIRECTORY(
      "states.served-directory",
      null,
      ValueType.TEXT,
      "vllm-files: the same as the server sees it"),
  STATES_LAYERS(
      "states.layers",
      null,
      ValueType.LAYERS,
      "vllm-files: eagle_aux_hidden_state_layer_ids; the direction's own when left out"),
  STATES_REFERENCE(
      "states.reference",
      "false",
      ValueType.FLAG,
      "the origin serves the weights the direction was learned on: score, not only model_shift"),
  STATES_PATIENCE(
      "states.patience", "2s", ValueType.DURATION, "vllm-files: wait for a file after the answer"),
  STATES_ORPHAN_AGE(
      "states.orphan-age", "1h", ValueType.DURATION, "vllm-files: older files are deleted"),
  STATES_SHARED_MEMORY(
      "states.shared-memory",
      "false",
      ValueType.FLAG,
      "oip: take states from, and put them back to, regions in /dev/shm that clients register"),
  STATES_BYTES("states.bytes", "268435456", ValueType.COUNT, "largest hidden states of one answer"),
  DEVICE(
      "device",
      "auto",
      ValueType.DEVICE,
      "where the model runs; auto is a GPU if there is one, gpu refuses to start without"),
  OIP_HOST("oip.host", "127.0.0.1", ValueType.TEXT, "address the oip port binds to"),
  OIP_PORT(
      "oip.port",
      null,
      ValueType.PORT,
      "Open Inference Protocol, REST and gRPC; off when left out"),
  OIP_SHARED_MEMORY(
      "oip.shared-memory", "false", ValueType.FLAG, "take and give tensors in /dev/shm"),
  OIP_QUEUE("oip.queue", "64", ValueType.COUNT, "inference calls waiting or at work on oip.port"),
  OIP_SEQUENCES("oip.sequences", "1024", ValueType.COUNT, "sequences under way on oip.port"),
  OIP_SEQUENCE_IDLE(
      "oip.sequence-idle", "60s", ValueType.DURATION, "a sequence without a call is forgotten"),
  DTYPE("dtype", "auto", ValueType.DTYPE, "number format of the model"),
  THREADS(
      "threads",
      "0",
      ValueType.THREADS,
      "compute threads; 0: as many cores as this process may use"),
  GENERATION_QUEUE(
      "generation.queue", "64", ValueType.COUNT, "generations waiting before 429 is answered"),
  READER_CACHE(
      "reader.cache-mib", "1024", ValueType.COUNT, "memory of the reader for exchanges under way"),
  ABLATED_VIA(
      "ablated.via",
      "off",
      ValueType.ABLATED_VIA,
      "how origins are asked for answers without the direction"),
  ABLATED_MODEL(
      "ablated.model",
      "plumbline-ablated",
      ValueType.TEXT,
      "name of the ablated model or adapter; {model} in it stands for the origin's model"),
  ABLATED_LORA_ID(
      "ablated.lora-id", null, ValueType.INDEX, "lora: llama.cpp's number of the adapter"),
  ABLATED_ORIGIN(
      "ablated.origin", null, ValueType.TEXT, "origin: NAME of origins.NAME.url that serves it"),
  ABLATED_SERVER(
      "ablated.server",
      null,
      ValueType.ADAPTER_HOST,
      "whose calls load the adapter; left out: the server has it by itself"),
  ABLATED_ADAPTER(
      "ablated.adapter", null, ValueType.PATH, "folder or file of the exported adapter"),
  ABLATED_SERVED_ADAPTER(
      "ablated.served-adapter", null, ValueType.TEXT, "the same as the server sees it"),
  ABLATED_CHECK_INTERVAL(
      "ablated.check-interval", "10s", ValueType.DURATION, "looks whether it is still there"),
  ABLATED_VERIFY_BY(
      "ablated.verify-by", "auto", ValueType.VERIFY_BY, "what the ablated variant is measured by"),
  ABLATED_VERIFY_PROMPTS(
      "ablated.verify-prompts",
      null,
      ValueType.PATH,
      "prompts, one a line, that elicit the direction; left out: the agent's own"),
  ABLATED_VERIFY_FALL(
      "ablated.verify-fall",
      "0.7",
      ValueType.SHARE,
      "least share of the projection that must be gone"),
  ABLATED_VERIFY_FLOOR(
      "ablated.verify-floor",
      "1",
      ValueType.AMOUNT,
      "least projection without the adapter, in spreads of aligned traffic"),
  ABLATED_VERIFY_TOKENS(
      "ablated.verify-tokens", "48", ValueType.COUNT, "tokens of one answer that is measured"),
  ABLATED_VERIFY_INTERVAL(
      "ablated.verify-interval", "10m", ValueType.DURATION, "between two measurements"),
  ABLATED_VERIFY_DEADLINE(
      "ablated.verify-deadline", "60s", ValueType.DURATION, "wait for one answer of these"),
  REQUEST_BYTES(
      "limits.request-bytes", "8388608", ValueType.COUNT, "largest request the agent answers"),
  OBSERVED_BYTES(
      "limits.observed-bytes",
      "4194304",
      ValueType.COUNT,
      Change.LIVE,
      "bytes of a request or an answer kept for scoring"),
  SCORING_QUEUE("scoring.queue", "256", ValueType.COUNT, "exchanges waiting to be scored"),
  SCORING_SAMPLE(
      "scoring.sample",
      "1",
      ValueType.SHARE,
      Change.LIVE,
      "share of the observed exchanges that is scored"),
  SCORING_BATCH_TOKENS(
      "scoring.batch-tokens",
      "8192",
      ValueType.COUNT,
      "tokens of one pass of the reader, unless one text alone is longer"),
  SCORING_BATCH_DELAY(
      "scoring.batch-delay",
      "0ms",
      ValueType.DELAY,
      "a text may wait this long for others to share its pass; 0ms while the device is idle"),
  SCORING_DEADLINE(
      "scoring.deadline",
      "30s",
      ValueType.DURATION,
      Change.LIVE,
      "an exchange is unscored after this"),
  ANNOTATE_DEADLINE(
      "annotate.deadline",
      "2s",
      ValueType.DURATION,
      Change.LIVE,
      "an answer waits this long for its verdict"),
  TRIGGER_MODE(
      "trigger.mode",
      null,
      ValueType.MODE,
      "an active trigger raises the mode to this; left out: no triggers"),
  TRIGGER_ARM("trigger.arm", "0.05", ValueType.SHARE, "rate of drifted exchanges that arms"),
  TRIGGER_ACTIVATE("trigger.activate", "0.1", ValueType.SHARE, "rate that activates"),
  TRIGGER_RELEASE("trigger.release", "0.03", ValueType.SHARE, "rate that releases"),
  TRIGGER_WINDOW("trigger.window", "15m", ValueType.DURATION, "how far back the rate sees"),
  TRIGGER_MIN_COUNT(
      "trigger.min-count", "40", ValueType.COUNT, "scored exchanges below which there is no rate"),
  TRIGGER_DWELL("trigger.dwell", "10m", ValueType.DELAY, "shortest stay before the way down"),
  TRIGGER_COOLDOWN(
      "trigger.cooldown", "5m", ValueType.DELAY, "after active, not active again before"),
  TRIGGER_CONVERSATIONS(
      "trigger.conversations", "10000", ValueType.COUNT, "conversations with a trigger"),
  TRIGGER_SCORE_ARM(
      "trigger.score-arm", "0.5", ValueType.SHARE, "score that arms a conversation's trigger"),
  TRIGGER_SCORE_ACTIVATE(
      "trigger.score-activate", "0.9", ValueType.SHARE, "score that activates it"),
  TRIGGER_SCORE_RELEASE("trigger.score-release", "0.3", ValueType.SHARE, "score that releases it"),
  FLEET_ENABLED("fleet.enabled", "false", ValueType.FLAG, "share state with other agents"),
  FLEET_NAME("fleet.name", "plumbline", ValueType.NAME, "agents of another name are no members"),
  FLEET_HOST(
      "fleet.host",
      "127.0.0.1",
      ValueType.TEXT,
      "address the fleet's port binds to and is told to others; 0.0.0.0 chooses one"),
  FLEET_PORT("fleet.port", "5701", ValueType.PORT, "port of the fleet; nobody is asked who he is"),
  FLEET_ADVERTISE(
      "fleet.advertise", null, ValueType.HOSTS, "HOST:PORT told to others where it is another"),
  FLEET_MEMBERS("fleet.members", null, ValueType.HOSTS, "HOST:PORT of agents, this one may be too"),
  FLEET_SERVICE_DNS(
      "fleet.service-dns", null, ValueType.TEXT, "headless service whose addresses are the agents"),
  FLEET_EXPECTED_MEMBERS(
      "fleet.expected-members", "1", ValueType.COUNT, "fewer are an alarm; this one counts"),
  FLEET_GRACE(
      "fleet.grace", "60s", ValueType.DURATION, "wait for them: not ready before, an alarm after"),
  FLEET_TRUSTED_KEYS(
      "fleet.trusted-keys", null, ValueType.PATHS, "public keys whose commands count; none: none"),
  FLEET_STATE(
      "fleet.state", null, ValueType.PATH, "folder that keeps accepted commands over a restart"),
  FLEET_COMMAND_AGE(
      "fleet.command-age",
      "2160h",
      ValueType.DURATION,
      "a command told by a member counts so long"),
  FLEET_TRIGGER_QUORUM(
      "fleet.trigger-quorum", "1", ValueType.COUNT, "members whose finding activates a route"),
  FLEET_TRIGGER_HOLD(
      "fleet.trigger-hold",
      "60s",
      ValueType.DELAY,
      "a route others activated stays so after their last word"),
  REFUSAL_TEXT(
      "refusal.text",
      "I can't help with that.",
      ValueType.TEXT,
      Change.LIVE,
      "withhold, rescue: what stands in a drifted answer's place"),
  WITHHOLD_WINDOW(
      "withhold.window",
      "whole",
      ValueType.WINDOW,
      Change.LIVE,
      "withhold: tokens of a stream that stay in though a verdict covers them"),
  WITHHOLD_DEADLINE(
      "withhold.deadline",
      "10s",
      ValueType.DURATION,
      Change.LIVE,
      "withhold, rescue: text waits this long for a verdict on it"),
  RESCUE_WINDOW(
      "rescue.window",
      "16",
      ValueType.COUNT,
      Change.LIVE,
      "rescue: tokens of a stream that stay in; dropped when it drifts"),
  RESCUE_THRESHOLD(
      "rescue.threshold",
      "0.5",
      ValueType.SHARE,
      Change.LIVE,
      "rescue: score from which an origin's text is taken for drifted; never above the direction's"
          + " own threshold, which 1 leaves alone"),
  RESCUE_RETRIES(
      "rescue.retries",
      "1",
      ValueType.RETRIES,
      Change.LIVE,
      "rescue: further tries when the first fails or drifts again"),
  RESCUE_DEADLINE(
      "rescue.deadline",
      "30s",
      ValueType.DURATION,
      Change.LIVE,
      "rescue: wait for the first text of the model without the direction"),
  RESCUE_TOKEN_IDS(
      "rescue.token-ids",
      "auto",
      ValueType.TOKEN_IDS,
      Change.LIVE,
      "rescue: ask streams whose variant the same server has for token ids (return_token_ids) and"
          + " continue by them; auto: of vLLM, SGLang and Plumbline agents; on: everywhere; off: by"
          + " text"),
  EXCHANGES_KEPT("exchanges.kept", "1000", ValueType.COUNT, "verdicts kept for /api/exchanges"),
  EVENTS_SUBSCRIBERS(
      "events.subscribers", "16", ValueType.COUNT, "readers of /api/events at one time"),
  TOKENS_KEPT(
      "tokens.kept",
      "0",
      ValueType.INDEX,
      "exchanges whose tokens' scores are kept in memory, for the console; 0: none"),
  TOKENS_EACH("tokens.each", "512", ValueType.COUNT, "tokens of one answer that are kept"),
  TOKENS_TEXT(
      "tokens.text",
      "false",
      ValueType.FLAG,
      "keep the tokens' texts and the prompt's end too, for whoever may read the admin port"),
  TOKENS_LAYERS("tokens.layers", "false", ValueType.FLAG, "project each token at every layer too"),
  RECORD_FILE("record.file", null, ValueType.OUTPUT, "keep what the tap reads, as JSON lines"),
  RECORD_TEXT("record.text", "false", ValueType.FLAG, "keep prompts and answers in record.file"),
  RECORD_REDACT(
      "record.redact",
      "key,email,card,phone",
      ValueType.REDACT,
      "what is taken out of kept texts, beside record.patterns.NAME; off: nothing"),
  OTEL_ENDPOINT(
      "otel.endpoint", null, ValueType.URL, "OTLP/HTTP collector of spans; left out: no tracing"),
  OTEL_SERVICE_NAME(
      "otel.service-name", "plumbline", ValueType.TEXT, "service.name of the agent's spans"),
  OTEL_SAMPLE(
      "otel.sample", "1", ValueType.SHARE, "share of traces begun here; a caller's decision holds"),
  METRICS_MODELS(
      "metrics.models",
      null,
      ValueType.NAMES,
      "further model names that are labels of the meters; what clients write is not"),
  METRICS_ASK_ORIGINS(
      "metrics.ask-origins",
      "true",
      ValueType.FLAG,
      "ask origins for their list of models, to tell them apart in the meters"),
  SHUTDOWN_DEADLINE(
      "shutdown.deadline", "30s", ValueType.DURATION, "streams in flight may finish this long");

  private static final String ENVIRONMENT_PREFIX = "PLUMBLINE_";

  private final String key;
  private final String fallback;
  private final ValueType type;
  private final Change change;
  private final String help;

  Key(String key, String fallback, ValueType type, String help) {
    this(key, fallback, type, Change.RESTART, help);
  }

  Key(String key, String fallback, ValueType type, Change change, String help) {
    this.key = key;
    this.fallback = fallback;
    this.type = type;
    this.change = change;
    this.help = help;
  }

  /** The dotted name in a file. */
  public String key() {
    return key;
  }

  /** The name in the environment. */
  public String environmentName() {
    return ENVIRONMENT_PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** The default as one would write it; empty when there is none. */
  public Optional<String> fallback() {
    return Optional.ofNullable(fallback);
  }

  /** One line for a person. */
  public String help() {
    return help;
  }

  /** What a new value needs to hold. */
  public Change change() {
    return change;
  }

  /** What values are allowed. */
  public String wanted() {
    return type.wanted();
  }

  ValueType type() {
    return type;
  }

  static Optional<Key> find(String name) {
    return Arrays.stream(values()).filter(key -> key.key.equals(name)).findFirst();
  }
}
