package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** The watch on a request that generates nothing: it is counted. */
final class CountingWatch implements Watch {
  private static final Telling NOTHING =
      Telling.of(new Annotation(Reading.unscored(UnscoredReason.OFF), Action.NONE));

  private final Meters meters;

  CountingWatch(Meters meters) {
    this.meters = meters;
  }

  @Override
  public boolean mayTunnel() {
    return true;
  }

  @Override
  public void request(Buffer chunk) {
    // Not looked at.
  }

  @Override
  public Delivery head(HttpClientResponse head) {
    return Delivery.PASS;
  }

  @Override
  public void answer(Buffer chunk) {
    // Not looked at.
  }

  @Override
  public void over(int status, Outcome outcome) {
    meters.count(Meter.OTHER_REQUESTS, status == 0 ? "none" : status / 100 + "xx");
  }

  @Override
  public Future<Telling> telling() {
    return Future.succeededFuture(NOTHING);
  }

  @Override
  public Telling tooLong() {
    return NOTHING;
  }
}
