package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedRequest;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.enforce.ModePolicy;
import dev.plumbline.agent.enforce.trigger.ConversationKeys;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.scoring.ScoringDesk;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.wire.CallPeek;
import dev.plumbline.agent.wire.Continuation;
import dev.plumbline.agent.wire.Stitcher;
import dev.plumbline.agent.wire.StreamEnd;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.dialect.Call;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The watch on an exchange: keeps bounded copies, decides its mode, has it scored and settled.
 *
 * <p>An answer that ended well is scored, and so is what a client took before it left: leaving
 * early must not be a way past the score. An answer the origin broke off is not, since nobody may
 * take it for an answer.
 */
final class ExchangeWatch implements Watch {
  /** What all exchanges of a proxy share; {@code tap} is empty while it loads or when it is off. */
  record Shared(
      ModePolicy modes,
      ScoringDesk desk,
      Supplier<Optional<Tap>> tap,
      Supplier<Optional<StatesByOrigin>> states,
      UnscoredReason withoutTap,
      int observedBytes,
      Duration annotateDeadline,
      FailPolicy fails,
      Sampler sampler,
      AblatedVariants ablated,
      Consumer<String> variantMissing,
      Triggers triggers,
      Screens screens) {}

  /** A longer request is not read for its conversation: this is on an event loop. */
  private static final int MOST_CONVERSATION_BYTES = 256 << 10;

  private final Shared shared;
  private final Entry entry;
  private final Optional<String> pathModel;
  private final String requestEncoding;
  private final Optional<Mode> asked;
  private final Vertx vertx;
  private final BoundedCopy request;
  private final BoundedCopy answer;
  private final Optional<Decoration> decoration;
  private Optional<AblatedVariant> variant = Optional.empty();
  private Optional<TokenIdAsk> ids = Optional.empty();

  /** Null until it is asked for; after {@link #decide} it is there. */
  private Mode mode;

  private String model = "";

  /** Whether some model is asked and it cannot be seen which. */
  private boolean unknown;

  private String encoding = "";
  private boolean stream;
  private int originStatus;
  private Optional<byte[]> decoded;
  private boolean sampledOut;
  private boolean unread;
  private Priority priority = Priority.OBSERVING;
  private Delivery delivery = Delivery.PASS;
  private CompletableFuture<Reading> reading;
  private Optional<StreamFollow> follow = Optional.empty();
  private final HttpServerRequest in;
  private Optional<ScreenCase> screening = Optional.empty();
  private Optional<Following> followed = Optional.empty();
  private Optional<ScreenedStream> screened = Optional.empty();
  private boolean toldEarly;

  /**
   * @param pathModel the model, where the path names it rather than the body
   * @param in the request
   */
  ExchangeWatch(
      Shared shared,
      Entry entry,
      Optional<String> pathModel,
      HttpServerRequest in,
      Optional<Mode> asked,
      Vertx vertx) {
    this.shared = shared;
    this.entry = entry;
    this.pathModel = pathModel;
    this.in = in;
    this.requestEncoding = RequestBody.encoding(in.headers());
    this.asked = asked;
    this.vertx = vertx;
    this.request = new BoundedCopy(shared.observedBytes());
    this.answer = new BoundedCopy(shared.observedBytes());
    this.decoration = shared.states().get().map(Decoration::new);
  }

  @Override
  public int wholeRequestBytes() {
    return decoration.isPresent() || mayAblate() || mayAskIds() ? shared.observedBytes() : 0;
  }

  /** The same: whether a stream might be asked for its token ids. */
  private boolean mayAskIds() {
    Mode most = shared.modes().resolveUnnamed(asked);
    return shared.screens().settings().tokenIds()
        && shared.screens().variants() != AblatedVariants.NONE
        && Stitcher.stitches(entry.route())
        && (most == Mode.RESCUE || most == Mode.ABLATE);
  }

  /** Which model it is asked of is not known yet. */
  private boolean mayAblate() {
    return shared.ablated() != AblatedVariants.NONE
        && shared.modes().resolveUnnamed(asked) == Mode.ABLATE;
  }

  @Override
  public Optional<Changed> change(String path) {
    sampledOut = sampledOut(mode());
    if (sampledOut) {
      return Optional.empty();
    }
    Optional<AblatedRequest> ablated = ablated();
    byte[] body = ablated.map(AblatedRequest::body).orElseGet(request::bytes);
    Optional<Changed> decorated =
        decoration.flatMap(d -> d.request(entry.origin(), path, entry.id(), body));
    Map<String, String> headers = ablated.map(AblatedRequest::headers).orElse(Map.of());
    return decorated
        .map(d -> d.with(headers))
        .or(() -> ablated.map(a -> new Changed(Buffer.buffer(a.body()), headers)))
        .or(this::askingIds);
  }

  private Optional<Changed> askingIds() {
    if (mode() == Mode.RESCUE && decoration.isEmpty() && !body().coded() && !request.overflown()) {
      ids = TokenIdAsk.of(shared.screens(), entry, model, request.bytes(), shared.observedBytes());
    }
    return ids.map(TokenIdAsk::request);
  }

  /** The request for an ablated answer, where one is asked for and the origin is known to give. */
  private Optional<AblatedRequest> ablated() {
    if (mode() != Mode.ABLATE) {
      return Optional.empty();
    }
    Optional<AblatedVariant> usable = shared.ablated().of(entry.origin(), model);
    Optional<AblatedRequest> other =
        usable.flatMap(v -> AblatedRequest.of(v, entry.route(), request.bytes()));
    variant = other.flatMap(request -> usable);
    return other;
  }

  @Override
  public Buffer passed(Buffer chunk) {
    return decoration
        .map(d -> d.passed(chunk))
        .orElseGet(() -> ids.map(asked -> asked.passed(chunk)).orElse(chunk));
  }

  @Override
  public Buffer rest() {
    return decoration
        .map(Decoration::rest)
        .or(() -> ids.map(TokenIdAsk::rest))
        .orElseGet(Buffer::buffer);
  }

  /** Whether the text of a decorated exchange is wanted. */
  private boolean recorded() {
    return decorated() && shared.tap().get().filter(Tap::records).isPresent();
  }

  @Override
  public Optional<String> requestId() {
    return Optional.of(entry.id());
  }

  @Override
  public void sending(HttpClientRequest toOrigin) {
    entry.trace().sending(toOrigin);
    if (asked.filter(Mode::screens).isPresent() && shared.modes().clientMayRaise()) {
      // Acted on here; an agent behind this one need not do it a second time.
      toOrigin.headers().remove(ModePolicy.HEADER);
    }
  }

  @Override
  public void request(Buffer chunk) {
    request.add(chunk);
  }

  @Override
  public void answer(Buffer chunk) {
    entry.trace().text();
    if (sampledOut || unread || (decorated() && !recorded())) {
      return;
    }
    if (screened.isPresent()) {
      return;
    }
    answer.add(chunk);
    follow.ifPresent(followed -> followed.bytes(chunk));
  }

  @Override
  public Delivery head(HttpClientResponse head) {
    originStatus = head.statusCode();
    entry.trace().firstByte(originStatus);
    stream = mediaType(head).equals("text/event-stream");
    encoding = Optional.ofNullable(head.getHeader("content-encoding")).orElse("").trim();
    decoration.ifPresent(d -> d.head(head, stream, encoding));
    answeredByVariant(head);
    decide();
    priority = mode == Mode.OBSERVE ? Priority.OBSERVING : Priority.ENFORCING;
    sampledOut = sampledOut(mode);
    unread = shared.withoutTap() == UnscoredReason.OFF && shared.tap().get().isEmpty();
    screening = mode.screens() && good() && !decorated() ? screening() : Optional.empty();
    followed = screening.flatMap(ScreenCase::follow);
    boolean follows = !sampledOut && !decorated() && followed.isEmpty();
    follow = follows ? follow() : Optional.empty();
    if (mode != Mode.OBSERVE) {
      boolean held = mode.screens() && good();
      delivery = stream && !held ? Delivery.PASS_THEN_TELL : Delivery.HOLD;
    }
    delivery = followed.isPresent() ? Delivery.SCREEN : delivery;
    ids.ifPresent(asked -> answersIds(asked, head));
    return delivery;
  }

  private void answersIds(TokenIdAsk asked, HttpClientResponse head) {
    shared.screens().offers().answered(entry.origin(), originStatus);
    if (stream && delivery != Delivery.SCREEN) {
      asked.passes(head);
    }
  }

  /** A stream that can go out as far as a verdict covers it; others are held whole. */
  private Optional<ScreenCase> screening() {
    boolean windowed = shared.screens().settings().window(mode).isPresent();
    boolean readable = stream && encoding.isEmpty() && !request.overflown();
    Optional<Tap> tap = shared.tap().get().filter(Tap::follows);
    if (!windowed || !readable || tap.isEmpty() || StreamEnd.of(entry.route()).isEmpty()) {
      return Optional.empty();
    }
    return small()
        .filter(body -> mode != Mode.RESCUE || continuable(body))
        .filter(body -> body.length <= StreamFollow.MOST_REQUEST_BYTES)
        .flatMap(
            body -> Call.of(entry.route(), body).map(call -> screening(call, body, tap.get())));
  }

  /** What could not go on from its middle is held whole, and given anew if it drifts. */
  private boolean continuable(byte[] body) {
    return Continuation.of(entry.route(), body).filter(Continuation::fromAnywhere).isPresent();
  }

  private ScreenCase screening(Call call, byte[] body, Tap tap) {
    return new ScreenCase(
        shared.screens(),
        entry,
        mode,
        model,
        fail(),
        shared.fails(),
        call,
        body,
        tap,
        shared.desk(),
        in.uri(),
        ids,
        vertx,
        shared.observedBytes());
  }

  @Override
  public Delivering screen(HttpServerRequest from, HttpClientResponse head, Onward onward) {
    ScreenedStream stream =
        new ScreenedStream(
            screening.orElseThrow(), followed.orElseThrow(), from, head, onward, this);
    screened = Optional.of(stream);
    return stream;
  }

  /** A stream that can be read as it passes is. */
  private Optional<StreamFollow> follow() {
    boolean readable = stream && originStatus / 100 == 2 && encoding.isEmpty();
    return readable && !request.overflown()
        ? shared.tap().get().filter(Tap::follows).flatMap(this::follow)
        : Optional.empty();
  }

  private Optional<StreamFollow> follow(Tap tap) {
    return small()
        .flatMap(body -> StreamFollow.begin(tap, entry, body, shared.observedBytes(), priority));
  }

  /** Only what is merely observed may go unscored by choice. */
  private boolean sampledOut(Mode mode) {
    return mode == Mode.OBSERVE
        && !shared.triggers().watchful(model)
        && !(unknown
            ? shared.sampler().takesUnnamed(entry.id())
            : shared.sampler().takes(entry.id(), model));
  }

  private RequestBody body() {
    return new RequestBody(request.bytes(), requestEncoding);
  }

  /** The request without its coding, where that is little work; done once. */
  private Optional<byte[]> small() {
    RequestBody body = body();
    if (!body.coded()) {
      return body.small();
    }
    if (decoded == null) {
      decoded = body.small();
    }
    return decoded;
  }

  /**
   * The mode of the model asked; the strictest there is where nobody can see which that is, or no
   * name or two are given.
   */
  private Mode mode() {
    if (model.isEmpty()) {
      Optional<byte[]> seen =
          pathModel.isPresent() || request.overflown() ? Optional.empty() : small();
      model = pathModel.or(() -> seen.flatMap(CallPeek::model)).orElse("");
      unknown = pathModel.isEmpty() && (model.isEmpty() || (byModel() && ambiguous(seen)));
    }
    if (mode == null) {
      mode = raised();
    }
    return mode;
  }

  /** Once: a trigger that turns in between must not change what was begun. */
  private Mode raised() {
    Mode configured =
        unknown ? shared.modes().resolveUnnamed(asked) : shared.modes().resolve(model, asked);
    if (shared.triggers().conversations() && entry.conversation().isEmpty()) {
      entry.conversation(conversation());
    }
    Optional<String> named = unknown ? Optional.empty() : Optional.of(model);
    return shared.triggers().raised(configured, named, entry.conversation());
  }

  private Optional<ConversationKeys> conversation() {
    return request.overflown()
        ? Optional.empty()
        : small()
            .filter(body -> body.length <= MOST_CONVERSATION_BYTES)
            .flatMap(body -> Call.of(entry.route(), body))
            .flatMap(Call::prompt)
            .flatMap(ConversationKeys::of);
  }

  private boolean byModel() {
    return shared.modes().byModel() || !shared.sampler().perModel().isEmpty();
  }

  /** Two names in one body: the origin may take the other one. */
  private static boolean ambiguous(Optional<byte[]> body) {
    return body.map(CallPeek::ambiguous).orElse(true);
  }

  /**
   * An agent behind says itself what it did; a server that says no may have forgotten the adapter.
   */
  private void answeredByVariant(HttpClientResponse head) {
    if (variant.isEmpty()) {
      return;
    }
    String done = head.getHeader(Annotation.ACTION);
    if (variant.get() instanceof AblatedVariant.Header
        && done != null
        && !done.equals(Action.ABLATED.wireName())) {
      variant = Optional.empty();
    }
    if (originStatus == 400 || originStatus == 404) {
      shared.variantMissing().accept(entry.origin());
    }
  }

  /** Names model and mode, once; late enough to have seen the request, early enough to hold. */
  private void decide() {
    mode = mode();
    entry.asked(model, mode, stream);
    entry.acted(variant.isPresent() && good() ? Action.ABLATED : Action.of(mode == Mode.ABLATE, 0));
  }

  @Override
  public void over(int status, Outcome outcome) {
    if (originStatus == 0) {
      decide();
    }
    entry.answered(status, outcome);
    if (screened.isPresent()) {
      reading = screened.get().over(outcome);
      reading.thenAccept(entry::settle);
      return;
    }
    rest();
    Optional<UnscoredReason> obstacle = obstacle(outcome);
    obstacle.ifPresent(reason -> decoration.ifPresent(Decoration::discard));
    reading =
        obstacle
            .map(reason -> CompletableFuture.completedFuture(Reading.unscored(reason)))
            .orElseGet(() -> traced(outcome == Outcome.COMPLETED));
    if (!(keepsBack() && outcome == Outcome.COMPLETED)) {
      reading.thenAccept(entry::settle);
    }
    reading.thenAccept(found -> follow.ifPresent(StreamFollow::over));
  }

  @Override
  public Future<Telling> telling() {
    return withinDeadline()
        .compose(
            found ->
                delivery == Delivery.HOLD && mode.screens() && good() && turns(found)
                    ? screenWhole(found)
                    : Future.succeededFuture(tell(found)))
        .onSuccess(
            telling -> {
              telling.instead().ifPresent(this::withheld);
              reading.thenAccept(entry::settle);
            });
  }

  private boolean turns(Reading found) {
    return shared.screens().turns(found, mode);
  }

  /** A held answer has drifted: what goes out instead, and the verdict on that. */
  private Future<Telling> screenWhole(Reading found) {
    return new HeldAnswer(
            new HeldAnswer.Case(
                shared.screens(),
                entry,
                mode,
                model,
                fail(),
                shared.fails(),
                request.overflown() ? Optional.empty() : small(),
                plainAnswer(),
                stream,
                shared.tap().get(),
                shared.desk(),
                in,
                vertx,
                shared.observedBytes()))
        .drifted(found)
        .map(
            decided -> {
              entry.acted(decided.action());
              if (in.response().closed()) {
                entry.answered(0, Outcome.CLIENT_GONE);
              } else if (decided.refused()) {
                entry.answered(originStatus, Outcome.WITHHELD);
              }
              reading = CompletableFuture.completedFuture(decided.reading());
              return decided.telling();
            });
  }

  private byte[] plainAnswer() {
    Decoded plain = Decoded.of(answer.bytes(), encoding, shared.observedBytes(), true);
    return plain.failure().isPresent() ? new byte[0] : plain.bytes();
  }

  private void withheld(WireError error) {
    entry.answered(error.kind().status(), Outcome.WITHHELD);
  }

  @Override
  public Telling tooLong() {
    toldEarly = true;
    return tell(Reading.unscored(UnscoredReason.TOO_LONG));
  }

  @Override
  public Optional<WireError> brokenOff() {
    return closes()
        ? tell(Reading.unscored(UnscoredReason.UNPARSEABLE)).instead()
        : Optional.empty();
  }

  /** Only an answer of the origin's model needs a verdict; an error of the origin is none. */
  private Telling tell(Reading found) {
    return good()
        ? shared.fails().tell(found, entry.action(), fail(), delivery == Delivery.HOLD)
        : Telling.of(new Annotation(found, entry.action()));
  }

  /** Whether the answer may yet be kept back; then it is settled when that is known. */
  private boolean closes() {
    return delivery == Delivery.HOLD && good() && fail() == Fail.CLOSED;
  }

  /** Whether what goes out is decided with the verdict, and settled then. */
  private boolean keepsBack() {
    boolean screens = delivery == Delivery.HOLD && good() && mode.screens() && !toldEarly;
    return screens || closes();
  }

  private Fail fail() {
    return unknown ? shared.modes().failUnnamed() : shared.modes().fail(model);
  }

  private boolean good() {
    return originStatus >= 200 && originStatus < 300;
  }

  private Optional<UnscoredReason> obstacle(Outcome outcome) {
    boolean answered = good();
    if (outcome == Outcome.ORIGIN_CUT || (answered && outcome == Outcome.ORIGIN_TIMEOUT)) {
      return Optional.of(UnscoredReason.UNPARSEABLE);
    }
    if (!answered) {
      return Optional.of(UnscoredReason.NO_HIDDEN_STATES);
    }
    if (sampledOut) {
      return Optional.of(UnscoredReason.SAMPLED_OUT);
    }
    if (decorated()) {
      return Optional.empty();
    }
    if (request.overflown() || answer.overflown()) {
      return Optional.of(UnscoredReason.TOO_LONG);
    }
    return shared.tap().get().isEmpty() ? Optional.of(withoutTap()) : Optional.empty();
  }

  private boolean decorated() {
    return decoration.filter(Decoration::active).isPresent();
  }

  private UnscoredReason withoutTap() {
    return decoration.isPresent() ? UnscoredReason.NO_HIDDEN_STATES : shared.withoutTap();
  }

  private CompletableFuture<Reading> traced(boolean whole) {
    entry.trace().scoring();
    CompletableFuture<Reading> scored = score(whole);
    scored.thenAccept(entry.trace()::scored);
    return scored;
  }

  /** The same work, which tells when its wait is over. */
  private Function<BooleanSupplier, CompletionStage<Reading>> noted(
      Function<BooleanSupplier, CompletionStage<Reading>> work) {
    return abandoned -> {
      entry.trace().reading();
      return work.apply(abandoned);
    };
  }

  private CompletableFuture<Reading> score(boolean whole) {
    if (decorated()) {
      return scoreStates(decoration.orElseThrow(), whole);
    }
    Tap tap = shared.tap().get().orElseThrow();
    Observation observation = observation(whole);
    Observation.Reader reader = follow.<Observation.Reader>map(f -> f::end).orElse(tap::read);
    return shared
        .desk()
        .submit(
            priority, noted(abandoned -> observation.read(reader, abandoned, entry::generated)));
  }

  private Observation observation(boolean whole) {
    return new Observation(
        entry.id(),
        entry.route(),
        model,
        body(),
        answer.bytes(),
        encoding,
        stream,
        whole,
        shared.observedBytes(),
        priority);
  }

  private CompletableFuture<Reading> scoreStates(Decoration states, boolean whole) {
    Function<BooleanSupplier, CompletionStage<Reading>> work =
        recorded() && !request.overflown() && !answer.overflown()
            ? recording(states, observation(whole), shared.tap().get().orElseThrow())
            : states::read;
    CompletableFuture<Reading> scored = shared.desk().submit(priority, noted(work));
    scored.whenComplete((reading, failure) -> states.discard());
    return scored;
  }

  /** An exchange that is not understood is scored all the same, and not recorded. */
  private static Function<BooleanSupplier, CompletionStage<Reading>> recording(
      Decoration states, Observation observation, Tap tap) {
    return abandoned -> {
      Optional<ExchangeText> text = observation.text();
      return states
          .read(abandoned)
          .whenComplete(
              (found, failure) ->
                  text.ifPresent(
                      said ->
                          tap.readElsewhere(
                              said,
                              failure == null
                                  ? found
                                  : Reading.unscored(UnscoredReason.TAP_ERROR))));
    };
  }

  /** The reading on this event loop, or that it came too late to be told. */
  private Future<Reading> withinDeadline() {
    boolean screens = delivery == Delivery.HOLD && mode.screens();
    Duration patience =
        screens ? shared.screens().settings().patience() : shared.annotateDeadline();
    return InTime.of(reading, vertx, patience);
  }

  private static String mediaType(HttpClientResponse head) {
    String type = Optional.ofNullable(head.getHeader("content-type")).orElse("");
    return type.split(";", 2)[0].trim().toLowerCase(java.util.Locale.ROOT);
  }
}
