package dev.plumbline.agent.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Every meter the agent exports. Dashboards, alerts and the README's table are held to this list.
 * Labels have bounded values only: never a tenant, a user, a request id or anything from a text.
 */
public enum Meter {
  EXCHANGES(
      "plumbline.exchanges",
      Type.COUNTER,
      "Generation exchanges by verdict, reason ('none' when scored) and action",
      "model_name",
      "origin",
      "verdict",
      "reason",
      "action"),
  UNSCORED(
      "plumbline.unscored",
      Type.COUNTER,
      "Exchanges without a score, also by how their HTTP side went: completed and withheld had an"
          + " answer to judge",
      "model_name",
      "reason",
      "outcome"),
  FLAGGED("plumbline.flagged", Type.COUNTER, "Drifted answers", "model_name", "direction"),
  SCORE(
      "plumbline.score",
      Type.HISTOGRAM,
      "Calibrated score of answers, from 0 to 1",
      "model_name",
      "direction"),
  DIRECTION_SCORE(
      "plumbline.direction.score",
      Type.HISTOGRAM,
      "Calibrated score of answers by each direction read beside the one that judges",
      "model_name",
      "direction"),
  DIRECTION_VERDICTS(
      "plumbline.direction.verdicts",
      Type.COUNTER,
      "What those directions say; never the exchange's verdict",
      "model_name",
      "direction",
      "verdict"),
  BASELINE_SCORE(
      "plumbline.baseline.score",
      Type.HISTOGRAM,
      "The scores of the aligned answers that a direction was calibrated on, where its artefact"
          + " holds them; never changes",
      "direction"),
  SCORE_THRESHOLD(
      "plumbline.score.threshold",
      Type.GAUGE,
      "Score above which an answer is drifted: whole answers, streams",
      "direction",
      "of"),
  MODEL_SHIFT(
      "plumbline.model.shift",
      Type.GAUGE,
      "How far a model's own states have moved along the direction, in spreads of aligned traffic;"
          + " a mean that forgets, over about 50 exchanges",
      "model_name"),
  LAYER_PROJECTION(
      "plumbline.layer.projection",
      Type.GAUGE,
      "Mean projection of answers at a layer, read by the reference, in spreads of aligned tokens;"
          + " a mean that forgets, over about 50 exchanges; of 16 layers at most, and only where"
          + " tokens.layers asks for it",
      "model_name",
      "direction",
      "layer"),
  MODEL_SHIFT_EXCHANGES(
      "plumbline.model.shift.exchanges",
      Type.COUNTER,
      "Exchanges that went into that mean",
      "model_name"),
  ARTEFACT_INFO(
      "plumbline.artefact.info",
      Type.INFO,
      "1 for each artefact in use: what it was learned on, its digest (of direction.json, which"
          + " holds its tensors'), what it does here, where it reads, how it fits the model",
      "model_name",
      "direction",
      "digest",
      "role",
      "tap_points",
      "fit"),
  ARTEFACT_CREATED(
      "plumbline.artefact.created.timestamp.seconds",
      Type.GAUGE,
      "When an artefact was learned, in seconds since 1970",
      "direction"),
  ARTEFACT_ALPHA(
      "plumbline.artefact.alpha",
      Type.GAUGE,
      "Share of aligned answers that its thresholds were calibrated to flag",
      "direction"),
  TOKENS_SCORED(
      "plumbline.tokens.scored", Type.COUNTER, "Answer tokens read for a score", "model_name"),
  TOKENS_GENERATED(
      "plumbline.tokens.generated", Type.COUNTER, "Tokens the embedded model made", "model_name"),
  SCORING_DURATION(
      "plumbline.scoring.duration", Type.TIMER, "Time to score an exchange", "model_name"),
  STAGE_DURATION(
      "plumbline.stage.duration",
      Type.TIMER,
      "Where an exchange's time goes: proxy (until the request goes on), origin (from there to the"
          + " first byte of its answer), queue (waiting to be read), tap (being read)",
      "model_name",
      "stage"),
  QUEUE_DEPTH(
      "plumbline.queue.depth", Type.GAUGE, "Exchanges waiting or at work in a queue", "queue"),
  QUEUE_CAPACITY("plumbline.queue.capacity", Type.GAUGE, "The queue's bound", "queue"),
  READER_TOKENS(
      "plumbline.reader.tokens",
      Type.GAUGE,
      "Tokens the reader holds: live of exchanges under way, kept for those that begin alike",
      "state"),
  READER_BYTES("plumbline.reader.bytes", Type.GAUGE, "Device bytes the reader's caches hold"),
  READER_BYTES_BOUND("plumbline.reader.bytes.bound", Type.GAUGE, "The most they may hold"),
  READER_CACHE(
      "plumbline.reader.cache",
      Type.COUNTER,
      "What befell the reader's caches: hit, evicted, lapsed",
      "event"),
  READER_REUSED(
      "plumbline.reader.tokens.reused", Type.COUNTER, "Prompt tokens not read a second time"),
  READER_ANSWERS(
      "plumbline.reader.answers",
      Type.COUNTER,
      "Answers of followed exchanges: followed, read whole at the end, of those mismatched",
      "how"),
  READER_PASSES("plumbline.reader.passes", Type.COUNTER, "Passes over whole or followed texts"),
  READER_PASS_ROWS(
      "plumbline.reader.pass.rows",
      Type.COUNTER,
      "Texts in those passes; by passes, the size of a batch"),
  READER_PASS_TOKENS(
      "plumbline.reader.pass.tokens",
      Type.COUNTER,
      "Tokens in those passes: text, padding",
      "what"),
  READER_BATCH_LIMIT(
      "plumbline.reader.batch.limit",
      Type.GAUGE,
      "Tokens a pass may take: now, less while memory is short, and bound",
      "which"),
  DEVICE("plumbline.device", Type.GAUGE, "1 for the kind of device that computes", "kind"),
  DEVICE_BUSY(
      "plumbline.device.busy.seconds",
      Type.COUNTER,
      "Time the device spent on reading passes; its rate is the share of it that is used"),
  DEVICE_MEMORY(
      "plumbline.device.memory.bytes",
      Type.GAUGE,
      "Memory of the GPU that computes here: used (by all its processes) and total; absent without"
          + " one, and where CUDA does not say (plumbline doctor)",
      "device",
      "kind"),
  DEVICE_UTILISATION(
      "plumbline.device.utilisation",
      Type.GAUGE,
      "Share of the last moment in which the GPU that computes here ran any kernel, of all its"
          + " processes; absent without one, and where NVML does not say (plumbline doctor)",
      "device"),
  DEVICE_FAILING(
      "plumbline.device.failing",
      Type.GAUGE,
      "1 while no pass is tried because the device fails, else 0"),
  DEVICE_BREAKS(
      "plumbline.device.breaks", Type.COUNTER, "Times the device was left alone after failures"),
  DEVICE_FAILURES(
      "plumbline.device.failures",
      Type.COUNTER,
      "Passes that failed: out_of_memory, other",
      "kind"),
  DEVICE_REFUSED(
      "plumbline.device.refused",
      Type.COUNTER,
      "Readings not tried because the device was failing"),
  DROPS(
      "plumbline.drops",
      Type.COUNTER,
      "Work left undone because a bound was met: queue_full and deadline_passed (readings),"
          + " generation_queue_full, client_stalled, subscriber_slow (of events), fleet_series",
      "reason"),
  ABLATIONS(
      "plumbline.ablations",
      Type.COUNTER,
      "Answers for which ablation was asked, by what happened",
      "model_name",
      "result"),
  ANNOTATIONS(
      "plumbline.annotations", Type.COUNTER, "Answers to annotate, by what happened", "result"),
  RECORDS("plumbline.records", Type.COUNTER, "Exchanges to record, by what happened", "result"),
  OIP_SEQUENCES(
      "plumbline.oip.sequences",
      Type.COUNTER,
      "Sequences on the oip port: started, restarted, ended, evicted when idle, refused",
      "event"),
  OIP_REGIONS(
      "plumbline.oip.regions",
      Type.COUNTER,
      "Shared memory that clients and origins hand states over in: registered, read, written, ...",
      "event"),
  OIP_DECORATIONS(
      "plumbline.oip.decorations",
      Type.COUNTER,
      "Requests to origins with the tensor of hidden states added: decorated, removed, ...",
      "event"),
  OIP_SEQUENCES_OPEN("plumbline.oip.sequences.open", Type.GAUGE, "Sequences on the oip port"),
  FAIL_USES(
      "plumbline.fail.uses",
      Type.COUNTER,
      "Answers that needed a verdict and had none, by what was to become of them",
      "fail",
      "result",
      "reason"),
  WITHHELD(
      "plumbline.withheld",
      Type.COUNTER,
      "Answers of which a refusal took the place, or the place of the rest, by reason: drifted,"
          + " unscored, rescue_failed",
      "model_name",
      "reason"),
  RESCUES(
      "plumbline.rescues",
      Type.COUNTER,
      "Tries to go on without the direction, by what came of each: continued, anew, complete,"
          + " no_variant, not_continuable, drifted, unscored, failed, refused, deadline,"
          + " client_gone",
      "model_name",
      "result"),
  RESCUE_SEAMS(
      "plumbline.rescue.seams",
      Type.COUNTER,
      "Continuations asked for, by what they stand behind (ids, text) and why: offered; request,"
          + " not_asked, variant, refused, not_offered, not_whole",
      "model_name",
      "way",
      "reason"),
  RESCUE_TOKENS(
      "plumbline.rescue.tokens",
      Type.COUNTER,
      "Tokens of rescued streams: kept before the turn, dropped with it",
      "model_name",
      "what"),
  RESCUE_DURATION(
      "plumbline.rescue.duration",
      Type.TIMER,
      "From the turn of a stream to the next text that went out",
      "model_name"),
  HOLD_DURATION(
      "plumbline.hold.duration",
      Type.TIMER,
      "From the first text of a stream to the first that went out: what holding added",
      "model_name"),
  HELD_WHOLE(
      "plumbline.held.whole",
      Type.COUNTER,
      "Streams whose text all waited for the verdict on the whole, though a window is set, by why:"
          + " choices, form, route, coded, too_long, request",
      "model_name",
      "reason"),
  OTHER_REQUESTS(
      "plumbline.other.requests", Type.COUNTER, "Requests to routes that generate nothing", "code"),
  ORIGIN_FAILURES(
      "plumbline.origin.failures", Type.COUNTER, "Failures of the origin by kind", "kind"),
  ORIGIN_HEALTHY("plumbline.origin.healthy", Type.GAUGE, "1 while an origin is healthy", "origin"),
  ORIGIN_TLS_FAILURES(
      "plumbline.origin.tls.failures",
      Type.COUNTER,
      "Connections to an origin that TLS prevented: untrusted, name, refused (by the origin), other",
      "origin",
      "reason"),
  ORIGIN_IN_FLIGHT(
      "plumbline.origin.in.flight", Type.GAUGE, "Requests under way to an origin", "origin"),
  ORIGIN_TURNS(
      "plumbline.origin.turns", Type.COUNTER, "Origins that changed their health", "origin", "to"),
  ORIGIN_RETRIES(
      "plumbline.origin.retries",
      Type.COUNTER,
      "Requests that another replica took since there was no connection to this one",
      "origin",
      "reason"),
  ROUTED(
      "plumbline.routed",
      Type.COUNTER,
      "Requests to several origins by what decided: model, path, default; to the default for want"
          + " of a name: unnamed, unparseable, too_long",
      "by"),
  TAP_SEARCHES(
      "plumbline.tap.searches",
      Type.COUNTER,
      "Searches for an origin's tap by result: the tap taken, reader, none; again: it did not"
          + " answer; off: the agent is switched off",
      "origin",
      "result"),
  TAP_EARLY(
      "plumbline.tap.early",
      Type.COUNTER,
      "Exchanges that passed before the origin's tap was found: read by the reader, else"
          + " no_hidden_states",
      "origin"),
  ADAPTER_STATE(
      "plumbline.adapter.state",
      Type.GAUGE,
      "1 for the state the origin's ablated variant is in, 0 for the others",
      "origin",
      "state"),
  ADAPTER_LOADS(
      "plumbline.adapter.loads",
      Type.COUNTER,
      "Looks for the adapter: already there, loaded, applied again after it was lost, or refused",
      "origin",
      "result"),
  ADAPTER_VERIFICATIONS(
      "plumbline.adapter.verifications",
      Type.COUNTER,
      "Measurements of the ablated variant by what came out; ineffective is an alarm",
      "origin",
      "outcome"),
  ADAPTER_PROJECTION(
      "plumbline.adapter.projection",
      Type.GAUGE,
      "What the last measurement found along the direction, in spreads of aligned traffic",
      "origin",
      "variant"),
  MODEL_LISTS(
      "plumbline.model.lists", Type.COUNTER, "Lists of models put together, by result", "result"),
  PASSAGES_OPEN(
      "plumbline.passages.open", Type.GAUGE, "Requests and tunnels under way to the origin"),
  TRIGGER_STATE(
      "plumbline.trigger.state",
      Type.GAUGE,
      "Where a route's trigger stands: 0 off, 1 armed, 2 active",
      "model_name"),
  TRIGGER_TRANSITIONS(
      "plumbline.trigger.transitions",
      Type.COUNTER,
      "Changes of state of triggers, of routes and of conversations",
      "scope",
      "from",
      "to",
      "reason"),
  TRIGGER_EXCHANGES(
      "plumbline.trigger.exchanges",
      Type.COUNTER,
      "Exchanges shown to a route's trigger: aligned, drifted; unscored and treated are no evidence",
      "model_name",
      "kind"),
  TRIGGER_RAISED(
      "plumbline.trigger.raised",
      Type.COUNTER,
      "Exchanges whose mode a trigger raised, by whose trigger and to what",
      "model_name",
      "by",
      "mode"),
  TRIGGER_RULES(
      "plumbline.trigger.rules",
      Type.COUNTER,
      "Answers of conditional rules: holds, not, unknown (a score missing), no_conversation",
      "rule",
      "answer"),
  TRIGGER_CONVERSATIONS(
      "plumbline.trigger.conversations", Type.GAUGE, "Conversations that have a trigger"),
  TRIGGER_EVICTED(
      "plumbline.trigger.evicted",
      Type.COUNTER,
      "Conversations forgotten to make room: active, other",
      "state"),
  FLEET_MEMBERS(
      "plumbline.fleet.members", Type.GAUGE, "Members of the fleet, this one counted", "fleet"),
  FLEET_EXPECTED("plumbline.fleet.expected", Type.GAUGE, "fleet.expected-members", "fleet"),
  FLEET_SHORT(
      "plumbline.fleet.short",
      Type.GAUGE,
      "1 while fewer members than expected are there, after the grace time; else 0",
      "fleet"),
  FLEET_VIEW_AGE(
      "plumbline.fleet.view.age.seconds",
      Type.GAUGE,
      "Since the members were last heard and spoken to"),
  FLEET_COMMANDS(
      "plumbline.fleet.commands",
      Type.COUNTER,
      "Signed commands by what came of each (applied, not_applicable, unusable, or why it was"
          + " refused) and by who brought it: operator, member",
      "result",
      "via"),
  FLEET_ENTRIES(
      "plumbline.fleet.entries.refused",
      Type.COUNTER,
      "What members said and was not read, each once: garbage, wrong_version, newer_parts and"
          + " untimely_scores (the rest of it was), wrong_content, stray",
      "reason"),
  FLEET_FAILURES(
      "plumbline.fleet.failures",
      Type.COUNTER,
      "What the agent itself could not do: join, beat, late (a member was not heard in time),"
          + " state (not kept), too_large (said without its scores)",
      "what"),
  FLEET_ADOPTIONS(
      "plumbline.fleet.adoptions",
      Type.COUNTER,
      "The fleet's artefact put in use here: adopted, refused (it does not fit)",
      "result"),
  FLEET_ROUTE_TURNS(
      "plumbline.fleet.route.turns",
      Type.COUNTER,
      "Routes whose state by the findings of others changed",
      "to"),
  FLEET_SCORE_QUANTILE(
      "plumbline.fleet.score.quantile",
      Type.GAUGE,
      "Quantile of the scores of the whole fleet in the last 15 minutes, within 1/128",
      "model_name",
      "direction",
      "quantile"),
  FLEET_SCORE_DRIFT(
      "plumbline.fleet.score.drift",
      Type.GAUGE,
      "Kolmogorov-Smirnov distance of those scores from the direction's aligned ones",
      "model_name",
      "direction"),
  IN_FLIGHT("plumbline.exchanges.in.flight", Type.GAUGE, "Exchanges without a verdict yet"),
  OFF("plumbline.off", Type.GAUGE, "1 while the agent is switched off to a plain proxy, else 0"),
  SWITCHED("plumbline.switched", Type.COUNTER, "Turns of the kill switch", "to"),
  RELOADS(
      "plumbline.reloads",
      Type.COUNTER,
      "Reloads of the configuration: applied, pending (a restart), unchanged, refused, busy; and"
          + " certificates_kept where new ones could not be read",
      "result"),
  CONFIG_PENDING(
      "plumbline.config.pending.restart",
      Type.GAUGE,
      "Settings that were changed at the last sound reload and need a restart"),
  TRACE_SPANS(
      "plumbline.trace.spans",
      Type.COUNTER,
      "Spans for the collector: exported, failed (not taken), dropped (queue full or shutdown)",
      "result"),
  ADMIN_REFUSED(
      "plumbline.admin.refused",
      Type.COUNTER,
      "Requests to the admin port that were not let through: host, origin, no_credentials,"
          + " wrong_credentials, role, body; or refused by a route: bad_request, forbidden,"
          + " not_found, conflict, unfit, other",
      "reason"),
  PORT_REFUSED(
      "plumbline.port.refused",
      Type.COUNTER,
      "Connections and requests closed at a port (inference, oip, admin): malformed, connections,"
          + " slow_head, slow_body",
      "port",
      "reason"),
  ARTEFACT_SIGNATURES(
      "plumbline.artefact.signatures",
      Type.COUNTER,
      "Artefacts opened or refused by what their signature is worth: signed, unsigned, bad,"
          + " unknown_key (without direction.trusted-keys each key is unknown)",
      "result"),
  READY("plumbline.ready", Type.GAUGE, "1 when the agent is ready, else 0"),
  BUILD_INFO("plumbline.build.info", Type.INFO, "1; what runs here", "version", "java"),
  MEMORY_RESIDENT(
      "plumbline.memory.resident.bytes",
      Type.GAUGE,
      "What the process holds in memory, weights and all; 0 where it cannot be known"),
  MEMORY_NATIVE(
      "plumbline.memory.native.bytes",
      Type.GAUGE,
      "The same without the JVM's own heap and areas: libtorch's tensors, buffers, code"),
  GEN_AI_TOKENS(
      "gen_ai.client.token.usage",
      Type.HISTOGRAM,
      "Tokens of prompts and answers, where the origin or the model says so (OpenTelemetry)",
      "gen_ai_operation_name",
      "gen_ai_provider_name",
      "gen_ai_request_model",
      "gen_ai_token_type"),
  GEN_AI_REQUEST(
      "gen_ai.server.request.duration",
      Type.TIMER,
      "From the request to the end of its answer (OpenTelemetry)",
      "gen_ai_operation_name",
      "gen_ai_provider_name",
      "gen_ai_request_model",
      "error_type"),
  GEN_AI_FIRST_TOKEN(
      "gen_ai.server.time_to_first_token",
      Type.TIMER,
      "From the request to the first text of a streamed answer (OpenTelemetry)",
      "gen_ai_operation_name",
      "gen_ai_provider_name",
      "gen_ai_request_model"),
  GEN_AI_PER_TOKEN(
      "gen_ai.server.time_per_output_token",
      Type.TIMER,
      "Time between the tokens of a streamed answer after the first (OpenTelemetry)",
      "gen_ai_operation_name",
      "gen_ai_provider_name",
      "gen_ai_request_model");

  /** What kind of meter, in Prometheus' words. */
  public enum Type {
    COUNTER,
    GAUGE,
    TIMER,
    HISTOGRAM,
    INFO;

    private String inWords() {
      return switch (this) {
        case TIMER -> "histogram of seconds";
        default -> name().toLowerCase(Locale.ROOT);
      };
    }
  }

  private final String id;
  private final Type type;
  private final String help;
  private final List<String> labels;

  Meter(String id, Type type, String help, String... labels) {
    this.id = id;
    this.type = type;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** The Micrometer name. */
  String id() {
    return id;
  }

  public Type type() {
    return type;
  }

  public String help() {
    return help;
  }

  public List<String> labels() {
    return labels;
  }

  /** The family's name on the scrape page, as a query writes it. */
  public String prometheusName() {
    String base = id.replace('.', '_');
    return switch (type) {
      case COUNTER -> base + "_total";
      case TIMER -> base + "_seconds";
      case GAUGE, HISTOGRAM, INFO -> base;
    };
  }

  /** Every series name a scrape page may have for it: a histogram has three. */
  public List<String> seriesNames() {
    String name = prometheusName();
    return type == Type.TIMER || type == Type.HISTOGRAM
        ? List.of(name + "_bucket", name + "_sum", name + "_count")
        : List.of(name);
  }

  /** The catalogue as a table, {@code agent/METERS.md}. */
  public static String markdown() {
    String rows = Arrays.stream(values()).map(Meter::row).collect(Collectors.joining("\n"));
    return "| metric | type | labels | what it is |\n| --- | --- | --- | --- |\n" + rows + "\n";
  }

  private String row() {
    return "| `%s` | %s | %s | %s |"
        .formatted(prometheusName(), type.inWords(), String.join(", ", labels), help);
  }
}
