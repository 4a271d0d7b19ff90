package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tracing.ExchangeTrace;
import io.vertx.core.http.HttpClientRequest;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * When an exchange passed from one hand to the next, for the meters; tells a tracing system on the
 * way. Steps come from an event loop and from a scoring thread: each is written once, by one of
 * them, and read when the exchange ends. Nanoseconds of {@link System#nanoTime}; 0 for never.
 */
final class StageTimes implements ExchangeTrace {
  private final long begun = System.nanoTime();
  private volatile ExchangeTrace told = ExchangeTrace.NONE;
  private volatile long sent;
  private volatile long head;
  private volatile long firstText;
  private volatile long answered;
  private volatile long queued;
  private volatile long read;
  private volatile long ended;

  /** Who else is told. */
  void tell(ExchangeTrace trace) {
    told = trace;
  }

  @Override
  public boolean told() {
    return told.told();
  }

  @Override
  public void sending(HttpClientRequest request) {
    if (sent == 0) {
      sent = System.nanoTime();
    }
    told.sending(request);
  }

  @Override
  public void firstByte(int status) {
    if (head == 0) {
      head = System.nanoTime();
    }
    told.firstByte(status);
  }

  @Override
  public void text() {
    if (firstText == 0) {
      firstText = System.nanoTime();
    }
  }

  @Override
  public void answered() {
    if (answered == 0) {
      answered = System.nanoTime();
    }
    told.answered();
  }

  @Override
  public void scoring() {
    queued = System.nanoTime();
    told.scoring();
  }

  @Override
  public void reading() {
    read = System.nanoTime();
    told.reading();
  }

  @Override
  public void scored(Reading reading) {
    told.scored(reading);
  }

  @Override
  public void settled(Settled facts) {
    told.settled(facts);
  }

  @Override
  public String traceId() {
    return told.traceId();
  }

  /** There is a verdict. */
  void ended() {
    ended = System.nanoTime();
  }

  /** Nanoseconds from the request to the answer's end, if it had one. */
  OptionalLong answer() {
    return answered == 0 ? OptionalLong.empty() : OptionalLong.of(answered - begun);
  }

  /** Nanoseconds from the request to the answer's first text, if there was any. */
  OptionalLong firstText() {
    return firstText == 0 ? OptionalLong.empty() : OptionalLong.of(firstText - begun);
  }

  /** Records each stage that it went through. */
  void meter(Meters meters, String model) {
    stage(meters, model, "proxy", begun, sent);
    stage(meters, model, "origin", sent, head);
    stage(meters, model, "queue", queued, read);
    stage(meters, model, "tap", read, ended);
  }

  private void stage(Meters meters, String model, String stage, long from, long to) {
    if (from != 0 && to != 0) {
      Duration took = Duration.ofNanos(Math.max(0, to - from));
      meters.timeTraced(Meter.STAGE_DURATION, took, told.traceId(), model, stage);
    }
  }
}
