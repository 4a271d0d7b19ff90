package dev.plumbline.agent.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Mistakes that no single key shows. */
final class CrossChecks {
  private static final int MOST_DIRECTIONS = 64;
  private static final int FEWEST_BATCH_TOKENS = 256;
  private static final Pattern DIRECTION_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Values values;
  private final List<Mistake> mistakes = new ArrayList<>();

  private CrossChecks(Values values) {
    this.values = values;
  }

  static List<Mistake> of(Values values) {
    CrossChecks checks = new CrossChecks(values);
    checks.sources();
    checks.states();
    checks.directions();
    checks.batches();
    checks.oip();
    checks.ablation();
    checks.mistakes.addAll(AblationChecks.of(values, checks.proxies()));
    checks.screening();
    checks.recording();
    checks.tls();
    checks.failing();
    checks.waits();
    checks.mistakes.addAll(OriginChecks.of(values));
    checks.mistakes.addAll(AblatedChecks.of(values));
    checks.mistakes.addAll(TriggerChecks.of(values));
    checks.mistakes.addAll(FleetChecks.of(values));
    checks.tokens();
    checks.switching();
    checks.mistakes.addAll(SecurityChecks.of(values));
    return checks.mistakes;
  }

  private void sources() {
    boolean origin = proxies();
    boolean model = has(Key.MODEL);
    boolean organism = values.get(Key.ORGANISM, Boolean.class);
    boolean adapters = !values.all(Family.ADAPTER, Object.class).isEmpty();
    check(
        origin || model || organism || has(Key.OIP_PORT),
        Key.MODEL,
        "nothing to serve",
        "model, organism, origin.url or oip.port");
    check(
        has(Key.ORIGIN_URL) || !has(Key.ORIGIN_GRPC_URL),
        Key.ORIGIN_GRPC_URL,
        "a gRPC port of no origin",
        "origin.url");
    check(!(model && organism), Key.MODEL, "model and organism", "one of them");
    check(!adapters || model, Key.MODEL, "adapters without a base", "model");
    check(
        !adapters || !origin,
        Key.MODEL,
        "adapters with origin.url",
        "no adapters: the reader reads with the base");
    check(
        !has(Key.DIRECTION) || model || organism || takesStates() || has(Key.OIP_PORT),
        Key.MODEL,
        "direction without model",
        "the model it was learned on");
    boolean reader = origin && model;
    check(
        !reader || has(Key.DIRECTION), Key.DIRECTION, "a reader without direction", "an artefact");
  }

  private void tokens() {
    boolean kept = values.get(Key.TOKENS_KEPT, Integer.class) > 0;
    boolean more =
        values.get(Key.TOKENS_TEXT, Boolean.class) || values.get(Key.TOKENS_LAYERS, Boolean.class);
    boolean reads = has(Key.MODEL) || values.get(Key.ORGANISM, Boolean.class);
    check(kept || !more, Key.TOKENS_KEPT, "0, with tokens.text or tokens.layers", "1 or more");
    check(
        !kept || reads,
        Key.TOKENS_KEPT,
        "tokens to keep and nothing here that reads them",
        "0, or a model that serves or reads along");
  }

  private boolean takesStates() {
    return values.get(Key.STATES_TAP, StatesSource.class) != StatesSource.OFF;
  }

  private void states() {
    StatesSource source = values.get(Key.STATES_TAP, StatesSource.class);
    boolean files = source == StatesSource.VLLM_FILES;
    boolean searched = source == StatesSource.AUTO;
    if (takesStates()) {
      check(proxies(), Key.STATES_TAP, "states of no origin", "origin.url");
      check(has(Key.DIRECTION), Key.DIRECTION, "states without direction", "an artefact");
    }
    check(
        searched || has(Key.STATES_DIRECTORY) == files,
        Key.STATES_DIRECTORY,
        files ? "vllm-files without a directory" : "a directory without vllm-files",
        "both or neither");
    Duration patience = values.get(Key.STATES_PATIENCE, Duration.class);
    check(
        values.get(Key.STATES_ORPHAN_AGE, Duration.class).compareTo(patience) > 0,
        Key.STATES_ORPHAN_AGE,
        "not above states.patience",
        "well above it: files under way would be deleted");
  }

  /** Their names become labels. */
  private void directions() {
    Map<String, Object> beside = values.all(Family.DIRECTION, Object.class);
    check(
        beside.isEmpty() || has(Key.DIRECTION) || values.get(Key.ORGANISM, Boolean.class),
        Key.DIRECTION,
        "directions beside none",
        "direction: the one whose verdict counts");
    check(
        beside.size() <= MOST_DIRECTIONS,
        Key.DIRECTION,
        beside.size() + " directions beside it",
        "at most " + MOST_DIRECTIONS);
    for (String name : beside.keySet()) {
      if (!DIRECTION_NAME.matcher(name).matches()) {
        mistakes.add(
            new Mistake(
                Family.DIRECTION.key(name),
                "together",
                "'" + name + "'",
                "a name of letters, digits, '.', '_' and '-', at most 64"));
      }
    }
  }

  /** Fewer could not hold one share of a followed text; each pass loads all weights. */
  private void batches() {
    int tokens = values.get(Key.SCORING_BATCH_TOKENS, Integer.class);
    check(
        tokens >= FEWEST_BATCH_TOKENS,
        Key.SCORING_BATCH_TOKENS,
        Integer.toString(tokens),
        "at least " + FEWEST_BATCH_TOKENS);
  }

  private void oip() {
    boolean directed = has(Key.DIRECTION) || values.get(Key.ORGANISM, Boolean.class);
    check(
        !has(Key.OIP_PORT) || directed, Key.DIRECTION, "oip.port without direction", "an artefact");
    check(
        !values.get(Key.OIP_SHARED_MEMORY, Boolean.class) || has(Key.OIP_PORT),
        Key.OIP_SHARED_MEMORY,
        "shared memory without oip.port",
        "a port");
    boolean tensors = values.get(Key.STATES_TAP, StatesSource.class) == StatesSource.OIP;
    check(
        !values.get(Key.STATES_SHARED_MEMORY, Boolean.class) || tensors,
        Key.STATES_SHARED_MEMORY,
        "shared memory without states.tap: oip",
        "that tap");
  }

  private void ablation() {
    if (!proxies()) {
      return;
    }
    boolean tensors = values.get(Key.STATES_TAP, StatesSource.class) == StatesSource.OIP;
    if (tensors && values.get(Key.STATES_REFERENCE, Boolean.class)) {
      return;
    }
    AblatedVia via = values.get(Key.ABLATED_VIA, AblatedVia.class);
    if (via != AblatedVia.OFF && via != AblatedVia.ORIGIN) {
      return;
    }
    String found = tensors ? "'ablate' of weights nobody checked" : "'ablate' with origin.url";
    String wanted =
        tensors
            ? "states.reference: true, if they are the ones the direction was learned on"
            : "ablated.via: model, lora or header, or observe or annotate: of an origin's own answers"
                + " only tensors (states.tap: oip) are ablated here";
    check(values.get(Key.MODE, Mode.class) != Mode.ABLATE, Key.MODE, found, wanted);
    values
        .all(Family.MODEL_MODE, Mode.class)
        .forEach(
            (name, mode) -> {
              if (mode == Mode.ABLATE) {
                mistakes.add(new Mistake(Family.MODEL_MODE.key(name), "together", found, wanted));
              }
            });
  }

  /** Text that waits for a verdict needs somebody to read it. */
  private void screening() {
    Map<String, Mode> modes = values.all(Family.MODEL_MODE, Mode.class);
    boolean screens = values.get(Key.MODE, Mode.class).screens();
    if (!screens && modes.values().stream().noneMatch(Mode::screens)) {
      return;
    }
    check(
        proxies(),
        Key.MODE,
        "'withhold' or 'rescue' without origin.url",
        "ablate: of what the agent serves itself the direction is taken out as it answers");
    boolean read = has(Key.MODEL) || values.get(Key.ORGANISM, Boolean.class) || takesStates();
    check(
        !proxies() || read,
        Key.MODE,
        "'withhold' or 'rescue' with nothing that reads",
        "model and direction, or states.tap: without a verdict every answer would fail");
  }

  private void recording() {
    check(
        !has(Key.RECORD_FILE) || proxies(),
        Key.RECORD_FILE,
        "record.file without origin.url",
        "an origin: only exchanges read along are recorded");
    check(
        !values.get(Key.RECORD_TEXT, Boolean.class) || has(Key.RECORD_FILE),
        Key.RECORD_TEXT,
        "record.text without record.file",
        "a file");
  }

  private void tls() {
    check(
        has(Key.TLS_CERTIFICATE) == has(Key.TLS_KEY),
        Key.TLS_KEY,
        "one of tls.certificate and tls.key",
        "both or none");
  }

  private void failing() {
    boolean closes =
        values.get(Key.FAIL, Fail.class) == Fail.CLOSED
            || values.all(Family.MODEL_FAIL, Fail.class).containsValue(Fail.CLOSED);
    check(
        !closes || proxies(),
        Key.FAIL,
        "'closed' without origin.url",
        "open: what the agent serves itself is scored in its forward pass");
  }

  /**
   * A connection that is closed while its request is waited for would look like a broken origin.
   */
  private void waits() {
    Duration longest = values.get(Key.CONNECTION_IDLE_TIMEOUT, Duration.class);
    for (Key key :
        List.of(Key.ORIGIN_RESPONSE_TIMEOUT, Key.ORIGIN_IDLE_TIMEOUT, Key.CLIENT_IDLE_TIMEOUT)) {
      check(
          !proxies() || longest.compareTo(values.get(key, Duration.class)) > 0,
          Key.CONNECTION_IDLE_TIMEOUT,
          "no more than " + key.key(),
          "more than every wait within a request");
    }
  }

  /** Whether there is a server behind, be it under whichever key. */
  private boolean proxies() {
    return has(Key.ORIGIN_URL) || !values.all(Family.ORIGIN_URL, Object.class).isEmpty();
  }

  private void switching() {
    check(
        !values.get(Key.OFF, Boolean.class) || proxies(),
        Key.OFF,
        "'true' without origin.url",
        "false: an agent that serves its model itself would not serve");
  }

  private boolean has(Key key) {
    return values.find(key, Object.class).isPresent();
  }

  private void check(boolean holds, Key key, String found, String wanted) {
    if (!holds) {
      mistakes.add(new Mistake(key.key(), "together", found, wanted));
    }
  }
}
