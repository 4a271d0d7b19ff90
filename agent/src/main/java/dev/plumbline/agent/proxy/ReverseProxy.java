package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.config.AblatedVia;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.enforce.AskedAblation;
import dev.plumbline.agent.enforce.KillSwitch;
import dev.plumbline.agent.enforce.ModePolicy;
import dev.plumbline.agent.enforce.trigger.ConversationKeys;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.ExchangeId;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.scoring.ScoringDesk;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.tracing.Tracing;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.PathModel;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.WireException;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The agent in front of an origin: every path and method goes through, generation routes are
 * watched. One per event loop.
 */
public final class ReverseProxy implements Handler<HttpServerRequest> {
  /**
   * What all event loops share; {@code config} is what the agent started with, {@code live} what is
   * in force; {@code tap} and {@code states} are empty while they load, or for good; {@code
   * variantMissing} is told of an origin that may not have the ablated variant any more.
   */
  public record Shared(
      AgentConfig config,
      Supplier<AgentConfig> live,
      Ledger ledger,
      Meters meters,
      ScoringDesk desk,
      Supplier<Optional<Tap>> tap,
      Supplier<Optional<StatesByOrigin>> states,
      Passages open,
      KillSwitch killSwitch,
      Optional<OriginTable> origins,
      OriginRegions regions,
      DeclaredTensors declared,
      Tracing tracing,
      AblatedVariants ablated,
      Consumer<String> variantMissing,
      Triggers triggers,
      TokenIdOffers offers) {}

  /** What an exchange goes by from its beginning to its end. */
  private record Snapshot(
      AgentConfig config, Silences silences, Deliveries deliveries, ExchangeShared exchanges) {}

  private final Vertx vertx;
  private final AgentConfig.Origin settings;
  private final Destinations destinations;
  private final ModelLists modelLists;
  private final MetadataAsk metadata;
  private final VariantAsks asks;
  private final GrpcDestinations calls;
  private final Shared shared;
  private final OriginTable origins;
  private final long salt = Sampler.freshSalt();
  private Snapshot latest;

  /**
   * @param share this proxy's part of the connections, one in so many
   */
  public ReverseProxy(Vertx vertx, Shared shared, int share) {
    AgentConfig config = shared.config();
    this.vertx = vertx;
    this.shared = shared;
    this.settings = config.origin().orElseThrow();
    this.origins = shared.origins().orElseThrow();
    int awaited = config.limits().requestBytes();
    this.destinations = new Destinations(vertx, origins, shared.meters(), awaited, share);
    this.modelLists = new ModelLists(vertx, destinations, shared.meters());
    this.calls = new GrpcDestinations(vertx, origins, shared.meters(), share);
    this.metadata = new MetadataAsk(vertx, destinations, calls);
    this.asks = new VariantAsks(destinations);
    this.latest = snapshot(shared.live().get());
  }

  private Snapshot snapshot(AgentConfig config) {
    int observed = config.limits().observedBytes();
    AgentConfig.Sampling sampling = config.sampling();
    return new Snapshot(
        config,
        new Silences(vertx, shortest(settings, config.deadlines().clientIdle())),
        new Deliveries(shared.meters(), observed),
        new ExchangeShared(
            new ModePolicy(config.modes()),
            shared.desk(),
            shared.tap(),
            shared.states(),
            config.engine().wanted() ? UnscoredReason.NO_HIDDEN_STATES : UnscoredReason.OFF,
            observed,
            config.deadlines().annotate(),
            FailPolicy.of(config.modes(), shared.meters()),
            new Sampler(sampling.share(), sampling.perModel(), salt),
            config.ablated().rewrites() ? shared.ablated() : AblatedVariants.NONE,
            shared.variantMissing(),
            shared.triggers(),
            new Screens(
                config.screening(),
                shared.ablated(),
                asks,
                shared.offers(),
                shared.meters(),
                shared.ledger()::label)));
  }

  /** What is in force now; built again on this event loop when that has changed. */
  private Snapshot now() {
    AgentConfig config = shared.live().get();
    if (config != latest.config()) {
      latest = snapshot(config);
    }
    return latest;
  }

  private static Duration shortest(AgentConfig.Origin origin, Duration clientIdle) {
    return Stream.of(origin.responseTimeout(), origin.idleTimeout(), clientIdle)
        .min(Duration::compareTo)
        .orElseThrow();
  }

  @Override
  public void handle(HttpServerRequest request) {
    Snapshot now = now();
    Route route = Route.of(request.path());
    if (request.method() == HttpMethod.CONNECT) {
      refuse(
          request,
          WireError.of(ErrorKind.NOT_IMPLEMENTED, "This is no forward proxy: no CONNECT."));
    } else if (GrpcCalls.is(request)) {
      call(request, route, now);
    } else if (route.generates() && request.method() == HttpMethod.POST) {
      exchange(request, route, now);
    } else if (shared.regions().permitted() && registers(request)) {
      Duration deadline = now.config().deadlines().annotate();
      RegionWatch watch =
          new RegionWatch(vertx, shared.regions(), shared.meters(), deadline, request.path());
      pass(request, watch, route, now, watch::sentTo);
    } else if (lists(request)) {
      modelLists.answer(request);
    } else {
      pass(request, new CountingWatch(shared.meters()), route, now, origin -> {});
    }
  }

  private static boolean registers(HttpServerRequest request) {
    return request.method() == HttpMethod.POST && RegionCall.isRest(request.path());
  }

  /** Whether the answer is more than one origin's. */
  private boolean lists(HttpServerRequest request) {
    return origins.several()
        && request.method() == HttpMethod.GET
        && PathModel.isList(request.path());
  }

  private void exchange(HttpServerRequest request, Route route, Snapshot now) {
    Entry entry =
        shared.ledger().open(ExchangeId.of(request.getHeader(ExchangeId.HEADER)), route, false);
    if (shared.killSwitch().off()) {
      Watch off = new OffWatch(entry, wanted(request, now), shared.meters());
      pass(request, off, route, now, origin -> sent(entry, origin));
      return;
    }
    entry.traced(shared.tracing().begin(entry.id(), route, request));
    try {
      Optional<Mode> asked = ModePolicy.asked(request.getHeader(ModePolicy.HEADER));
      Optional.ofNullable(request.getHeader(ConversationKeys.HEADER))
          .map(ConversationKeys::named)
          .ifPresent(keys -> entry.conversation(Optional.of(keys)));
      refuseNamed(request, now);
      Optional<String> model = Route.modelIn(request.path());
      Watch watch =
          route == Route.OIP_INFER && takesTensors(now)
              ? new OipWatch(oipCase(now, entry, asked), model, request, decoration(request))
              : new ExchangeWatch(now.exchanges(), entry, model, request, asked, vertx);
      pass(request, watch, route, now, origin -> sent(entry, origin));
    } catch (WireException e) {
      refuse(request, e.error());
      entry.answered(e.error().kind().status(), Outcome.REJECTED);
      entry.settle(Reading.unscored(UnscoredReason.UNPARSEABLE));
    }
  }

  /** An intervention can be named to an agent that serves the model, or to one before that. */
  private static void refuseNamed(HttpServerRequest request, Snapshot now) {
    if (request.headers().contains(AskedAblation.HEADER)
        && now.config().ablated().via() != AblatedVia.HEADER) {
      throw AskedAblation.inFront();
    }
  }

  private void sent(Entry entry, String origin) {
    entry.sentTo(origin);
    if (origins.get(origin).tap().searching()) {
      shared.meters().count(Meter.TAP_EARLY, origin);
    }
  }

  private OipDecoration decoration(HttpServerRequest request) {
    return new OipDecoration(shared.declared(), metadata, origins, request);
  }

  private GrpcExchange grpcExchange(OipCase exchange, HttpServerRequest request) {
    return new GrpcExchange(
        exchange, new GrpcDecoration(shared.declared(), metadata, request, exchange.keptBytes()));
  }

  private OipCase oipCase(Snapshot now, Entry entry, Optional<Mode> asked) {
    return new OipCase(now.exchanges(), entry, asked, shared.regions(), vertx);
  }

  private static boolean takesTensors(Snapshot now) {
    return now.config()
        .engine()
        .states()
        .filter(states -> states.source() == StatesSource.OIP)
        .isPresent();
  }

  /** A gRPC call: an exchange where a model is asked, else counted like any other request. */
  private void call(HttpServerRequest request, Route route, Snapshot now) {
    if (shared.regions().permitted() && RegionCall.isGrpc(request.path())) {
      Duration deadline = now.config().deadlines().annotate();
      GrpcRegionWatch watch =
          new GrpcRegionWatch(vertx, shared.regions(), shared.meters(), deadline, request.path());
      call(request, watch, route, now, watch::sentTo);
      return;
    }
    if (!route.grpc() || request.method() != HttpMethod.POST) {
      GrpcWatch other = new GrpcPlain(new CountingWatch(shared.meters()));
      call(request, other, route, now, origin -> {});
      return;
    }
    Entry entry =
        shared.ledger().open(ExchangeId.of(request.getHeader(ExchangeId.HEADER)), route, false);
    if (shared.killSwitch().off()) {
      GrpcWatch off = new GrpcPlain(new OffWatch(entry, wanted(request, now), shared.meters()));
      call(request, off, route, now, entry::sentTo);
      return;
    }
    entry.traced(shared.tracing().begin(entry.id(), route, request));
    try {
      refuseNamed(request, now);
      Optional<Mode> asked = ModePolicy.asked(request.getHeader(ModePolicy.HEADER));
      GrpcWatch watch = grpcExchange(oipCase(now, entry, asked), request);
      call(request, watch, route, now, origin -> sent(entry, origin));
    } catch (WireException e) {
      new GrpcStatus(GrpcStatus.INVALID_ARGUMENT, e.error().message()).answer(request.response());
      entry.answered(200, Outcome.REJECTED);
      entry.settle(Reading.unscored(UnscoredReason.UNPARSEABLE));
    }
  }

  private void call(
      HttpServerRequest request,
      GrpcWatch watch,
      Route route,
      Snapshot now,
      Consumer<String> sentTo) {
    shared.open().opened();
    new GrpcPassage(
            vertx,
            now.silences(),
            request,
            GrpcPassage.Waits.of(now.config()),
            watch,
            now.deliveries(),
            shared.open()::closed)
        .start(calls.of(route, sentTo));
  }

  /**
   * What would be asked of an exchange whose model is not known; a word that is no mode is none.
   */
  private static Mode wanted(HttpServerRequest request, Snapshot now) {
    Optional<Mode> asked =
        Optional.ofNullable(request.getHeader(ModePolicy.HEADER))
            .flatMap(word -> Mode.find(word.trim()));
    return now.exchanges().modes().resolve("", asked);
  }

  private void pass(
      HttpServerRequest request, Watch watch, Route route, Snapshot now, Consumer<String> sentTo) {
    shared.open().opened();
    new Passage(
            vertx,
            now.silences(),
            request,
            settings,
            watch,
            now.deliveries(),
            now.config().deadlines(),
            shared.open()::closed)
        .start(destinations.of(request, route, sentTo));
  }

  private static void refuse(HttpServerRequest request, WireError error) {
    request
        .response()
        .setStatusCode(error.kind().status())
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(error.toBytes()));
  }
}
