package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.tap.oip.OipStates;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.agent.wire.oip.RestBody;
import dev.plumbline.agent.wire.oip.RestReader;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * The watch on a REST inference whose answer may carry hidden states as a tensor: has it scored
 * and, where the mode says so, held until the direction is out of it. The verdict is on the states
 * as the model gave them. Lives on one event loop, but for {@link #work}.
 */
final class OipWatch implements Watch {
  private final OipCase exchange;
  private final Optional<String> model;
  private BoundedCopy answer = new BoundedCopy(0);
  private BoundedCopy asked = new BoundedCopy(0);
  private final OptionalLong askedLength;
  private final String askedEncoding;
  private final boolean wholeRequest;
  private final OipDecoration decoration;
  private HttpClientResponse head;
  private OptionalLong headerLength = OptionalLong.empty();
  private String encoding = "";
  private int originStatus;
  private Delivery delivery = Delivery.PASS;
  private boolean told;

  /** The tensor may lie where the client writes next: it is read before the answer goes on. */
  private boolean readsAhead;

  /** It went on unread. */
  private volatile boolean gone;

  private volatile Optional<OipScoring.Ablated> ablated = Optional.empty();

  OipWatch(
      OipCase exchange,
      Optional<String> model,
      HttpServerRequest request,
      OipDecoration decoration) {
    this.decoration = decoration;
    this.askedLength = length(request.getHeader(RestBody.HEADER_LENGTH));
    this.askedEncoding = encoding(request.getHeader("content-encoding"));
    this.wholeRequest = askedEncoding.isEmpty() && decoration.possible();
    this.exchange = exchange;
    this.model = model;
    if (exchange.permitsPlaces() || wholeRequest) {
      asked = new BoundedCopy(exchange.keptBytes());
    }
  }

  @Override
  public Optional<String> requestId() {
    return Optional.of(exchange.entry().id());
  }

  @Override
  public void sending(HttpClientRequest toOrigin) {
    exchange.entry().trace().sending(toOrigin);
    exchange.decide(model, false);
    exchange.scoring().ifPresent(by -> decoration.goes(exchange.entry().origin(), by.tensor()));
  }

  @Override
  public int holdBytes(int usual) {
    return exchange.scoring().map(OipScoring::mostBytes).orElse(usual);
  }

  @Override
  public int wholeRequestBytes() {
    return wholeRequest ? exchange.keptBytes() : 0;
  }

  @Override
  public Optional<Changed> change(String path) {
    exchange.decide(model, false);
    return exchange
        .scoring()
        .filter(any -> wholeRequest && !asked.overflown())
        .flatMap(
            by -> decoration.change(exchange.entry().origin(), by, asked.bytes(), askedLength));
  }

  @Override
  public void request(Buffer chunk) {
    if (exchange.permitsPlaces() || wholeRequest) {
      asked.add(chunk);
    }
  }

  @Override
  public Delivery head(HttpClientResponse head) {
    this.head = head;
    originStatus = head.statusCode();
    exchange.entry().trace().firstByte(originStatus);
    encoding = encoding(head.getHeader("content-encoding"));
    headerLength = length(head.getHeader(RestBody.HEADER_LENGTH));
    exchange.decide(model, false);
    answer = new BoundedCopy(exchange.scoring().map(OipScoring::mostBytes).orElse(0));
    decoration.answered(originStatus);
    readsAhead = good() && exchange.readsAhead();
    boolean holds = exchange.mode() != Mode.OBSERVE || readsAhead || stripped();
    delivery = holds ? Delivery.HOLD : Delivery.PASS;
    return delivery;
  }

  @Override
  public boolean tells() {
    return exchange.mode() != Mode.OBSERVE;
  }

  private static String encoding(String header) {
    return Optional.ofNullable(header).orElse("").trim();
  }

  /** What is no number makes the whole body JSON, which it then is not. */
  private static OptionalLong length(String header) {
    try {
      return header == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(header.trim()));
    } catch (NumberFormatException e) {
      return OptionalLong.of(-1);
    }
  }

  @Override
  public void answer(Buffer chunk) {
    if (good() && exchange.scoring().isPresent()) {
      answer.add(chunk);
    }
  }

  @Override
  public void over(int status, Outcome outcome) {
    exchange.decide(model, false);
    exchange.over(status, outcome, good(), this::work);
    boolean whole = outcome == Outcome.COMPLETED || outcome == Outcome.ORIGIN_ERROR;
    if (delivery != Delivery.HOLD || told || !whole) {
      exchange.settle();
    }
  }

  private Reading work() {
    OipScoring scoring = exchange.scoring().orElseThrow();
    if (answer.overflown()) {
      return Reading.unscored(UnscoredReason.TOO_LONG);
    }
    Decoded body = Decoded.of(answer.bytes(), encoding, scoring.mostBytes(), true);
    if (body.failure().isPresent()) {
      return Reading.unscored(body.failure().get());
    }
    OipStates states = scoring.states();
    askedPlaces();
    ablated = scoring.rest(body.bytes(), headerLength, exchange.places(), states, ablates());
    return gone && readsAhead
        ? Reading.unscored(UnscoredReason.DEADLINE_PASSED)
        : scoring.read(states);
  }

  /** A tensor that goes no further is not ablated; what else the answer holds is not, either. */
  private boolean ablates() {
    return exchange.ablates() && !decoration.active();
  }

  /** Whether the tensor is to be taken out of the answer. */
  private boolean stripped() {
    return good() && decoration.active();
  }

  /** A request that cannot be read has named no place, which is then said of the tensor. */
  private void askedPlaces() {
    Decoded body = Decoded.of(asked.bytes(), askedEncoding, exchange.keptBytes(), true);
    if (!exchange.permitsPlaces() || asked.overflown() || body.failure().isPresent()) {
      return;
    }
    try {
      exchange.places().wanted("", RestReader.wanted(body.bytes(), askedLength));
    } catch (OipException e) {
      return;
    }
  }

  @Override
  public Future<Telling> telling() {
    return exchange
        .inTime()
        .compose(this::putBack)
        .map(this::tell)
        .compose(this::strip)
        .onSuccess(
            telling -> {
              telling.instead().ifPresent(this::withheld);
              exchange.settle();
            });
  }

  /** A tensor that did not come along is put back before the answer goes, or not at all. */
  private Future<Reading> putBack(Reading found) {
    gone = late(found);
    Optional<BooleanSupplier> put =
        gone ? Optional.empty() : ablated.flatMap(OipScoring.Ablated::elsewhere);
    if (put.isEmpty()) {
      return Future.succeededFuture(found);
    }
    return exchange
        .aside(put.get()::getAsBoolean)
        .otherwise(false)
        .map(
            done -> {
              ablated = ablated.filter(any -> done);
              return found;
            });
  }

  /** The answer goes on as if nothing had been asked for; as it is, where that cannot be done. */
  private Future<Telling> strip(Telling telling) {
    if (!stripped() || telling.instead().isPresent()) {
      return Future.succeededFuture(telling);
    }
    return exchange
        .aside(this::bare)
        .map(
            body -> {
              decoration.head(head.headers(), body);
              return Telling.changed(telling.annotation(), Buffer.buffer(body.toBytes()));
            })
        .otherwise(telling);
  }

  private RestBody bare() {
    Decoded body =
        Decoded.of(answer.bytes(), encoding, exchange.scoring().orElseThrow().mostBytes(), true);
    if (answer.overflown() || body.failure().isPresent()) {
      throw new OipException(OipFault.INVALID, "the answer cannot be read");
    }
    return decoration.without(body.bytes(), headerLength);
  }

  private void withheld(WireError error) {
    exchange.entry().answered(error.kind().status(), Outcome.WITHHELD);
  }

  private Telling tell(Reading found) {
    if (!good() || !tells()) {
      return Telling.of(new Annotation(found, exchange.entry().action()));
    }
    if (exchange.mode() != Mode.ABLATE) {
      return exchange.tell(found, true);
    }
    Optional<OipScoring.Ablated> done = late(found) ? Optional.empty() : ablated;
    if (done.isEmpty()) {
      return exchange.fails().notAblated(found, exchange.fail(), true);
    }
    exchange.ablated(done.get().receipt());
    return Telling.changed(
        new Annotation(found, exchange.entry().action()), Buffer.buffer(done.get().bytes()));
  }

  private static boolean late(Reading found) {
    return found.reason().filter(UnscoredReason.DEADLINE_PASSED::equals).isPresent();
  }

  @Override
  public Telling tooLong() {
    told = true;
    return tell(Reading.unscored(UnscoredReason.TOO_LONG));
  }

  @Override
  public Optional<WireError> brokenOff() {
    boolean closes = good() && tells() && exchange.fail() == Fail.CLOSED;
    return closes ? tell(Reading.unscored(UnscoredReason.UNPARSEABLE)).instead() : Optional.empty();
  }

  private boolean good() {
    return originStatus >= 200 && originStatus < 300;
  }
}
