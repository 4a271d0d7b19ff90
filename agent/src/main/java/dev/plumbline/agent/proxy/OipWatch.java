package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.tap.oip.OipStates;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.oip.RestBody;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The watch on a REST inference whose answer may carry hidden states as a tensor: has it scored
 * and, where the mode says so, held until the direction is out of it. The verdict is on the states
 * as the model gave them. Lives on one event loop, but for {@link #work}.
 */
final class OipWatch implements Watch {
  private final OipCase exchange;
  private final Optional<String> model;
  private BoundedCopy answer = new BoundedCopy(0);
  private OptionalLong headerLength = OptionalLong.empty();
  private String encoding = "";
  private int originStatus;
  private Delivery delivery = Delivery.PASS;
  private boolean told;
  private volatile Optional<OipScoring.Ablated> ablated = Optional.empty();

  OipWatch(OipCase exchange, Optional<String> model) {
    this.exchange = exchange;
    this.model = model;
  }

  @Override
  public Optional<String> requestId() {
    return Optional.of(exchange.entry().id());
  }

  @Override
  public void sending(HttpClientRequest toOrigin) {
    exchange.entry().trace().sending(toOrigin);
  }

  @Override
  public int holdBytes(int usual) {
    return exchange.scoring().map(OipScoring::mostBytes).orElse(usual);
  }

  @Override
  public void request(Buffer chunk) {
    // The path names the model; the inputs are not looked at.
  }

  @Override
  public Delivery head(HttpClientResponse head) {
    originStatus = head.statusCode();
    exchange.entry().trace().firstByte(originStatus);
    encoding = Optional.ofNullable(head.getHeader("content-encoding")).orElse("").trim();
    headerLength = length(head.getHeader(RestBody.HEADER_LENGTH));
    exchange.decide(model, false);
    answer = new BoundedCopy(exchange.scoring().map(OipScoring::mostBytes).orElse(0));
    delivery = exchange.mode() == Mode.OBSERVE ? Delivery.PASS : Delivery.HOLD;
    return delivery;
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
    ablated = scoring.rest(body.bytes(), headerLength, states, exchange.ablates());
    return scoring.read(states);
  }

  @Override
  public Future<Telling> telling() {
    return exchange
        .inTime()
        .map(this::tell)
        .onSuccess(
            telling -> {
              telling.instead().ifPresent(this::withheld);
              exchange.settle();
            });
  }

  private void withheld(WireError error) {
    exchange.entry().answered(error.kind().status(), Outcome.WITHHELD);
  }

  private Telling tell(Reading found) {
    if (!good()) {
      return Telling.of(new Annotation(found, exchange.entry().action()));
    }
    if (exchange.mode() != Mode.ABLATE) {
      return exchange.fails().tell(found, exchange.entry().action(), exchange.fail(), true);
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
    boolean closes = good() && exchange.fail() == Fail.CLOSED;
    return closes ? tell(Reading.unscored(UnscoredReason.UNPARSEABLE)).instead() : Optional.empty();
  }

  private boolean good() {
    return originStatus >= 200 && originStatus < 300;
  }
}
