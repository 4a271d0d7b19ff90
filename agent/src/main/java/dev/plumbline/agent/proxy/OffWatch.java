package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;

/**
 * The watch on an exchange while the agent is off: one verdict, {@code unscored(off)}, and no look
 * at anything, the model's name included. A mode that was asked for and is not acted on is counted.
 */
final class OffWatch implements Watch {
  private static final Reading OFF = Reading.unscored(UnscoredReason.OFF);

  private final Entry entry;
  private final Mode wanted;
  private final Meters meters;

  /**
   * @param wanted what the client or the configuration for all models asks for
   */
  OffWatch(Entry entry, Mode wanted, Meters meters) {
    this.entry = entry;
    this.wanted = wanted;
    this.meters = meters;
  }

  @Override
  public Optional<String> requestId() {
    return Optional.of(entry.id());
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
    if (wanted != Mode.OBSERVE) {
      meters.count(Meter.ANNOTATIONS, "not_applied");
    }
    entry.acted(Action.of(wanted == Mode.ABLATE, 0));
    entry.answered(status, outcome);
    entry.settle(OFF);
  }

  @Override
  public Future<Telling> telling() {
    return Future.succeededFuture(tooLong());
  }

  @Override
  public Telling tooLong() {
    return Telling.of(new Annotation(OFF, entry.action()));
  }
}
