package dev.plumbline.agent.embedded;

import dev.plumbline.agent.origin.Delta;
import dev.plumbline.agent.origin.GenerationEnd;
import dev.plumbline.agent.origin.GenerationEnd.Timings;
import dev.plumbline.agent.origin.GenerationSink;
import dev.plumbline.agent.origin.Receipt;
import dev.plumbline.agent.origin.Rejection;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Finish;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.agent.wire.Usage;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.torch.serve.GenerationListener;
import dev.plumbline.torch.text.StreamDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** One generation on its way from the engine's tokens to the client's text. Engine thread only. */
final class TorchAnswer implements GenerationListener {
  private final GenerationSink sink;
  private final StreamDecoder decoder;
  private final StopText text;
  private final Optional<AnswerReading> reading;
  private final Prompt prompt;
  private final AnswerIds ids;
  private final long queued = System.nanoTime();
  private long begun;
  private int tokens;
  private boolean spoke;
  private OptionalDouble score = OptionalDouble.empty();

  TorchAnswer(
      GenerationSink sink,
      StreamDecoder decoder,
      List<String> stops,
      Optional<AnswerReading> reading,
      Prompt prompt,
      AnswerIds ids) {
    this.sink = sink;
    this.decoder = decoder;
    this.text = new StopText(stops);
    this.reading = reading;
    this.prompt = prompt;
    this.ids = ids;
  }

  @Override
  public void started() {
    if (ids.wanted()) {
      sink.prompted(ids.prompt());
    }
  }

  @Override
  public boolean token(long id) {
    begun = begun == 0 ? System.nanoTime() : begun;
    tokens++;
    String next = decoder.next(id);
    reading.ifPresent(r -> r.said(next));
    String piece = ids.add(id, text.add(next), decoder.settled());
    if (!piece.isEmpty()) {
      spoke = true;
      sink.delta(new Delta(piece, score, ids.take()));
    }
    return !text.stopped();
  }

  @Override
  public void prompted(double[] serving, double[] reference) {
    reading.ifPresent(r -> r.prompted(reference));
  }

  @Override
  public void readouts(double[] serving, double[] reference) {
    reading.ifPresent(r -> score = OptionalDouble.of(r.add(serving, reference)));
  }

  @Override
  public void ended(Ending ending, dev.plumbline.mitigations.Receipt receipt) {
    String rest = ids.rest(text.stopped() ? "" : text.add(decoder.finish()) + text.finish());
    List<Integer> said = ids.take();
    if (!rest.isEmpty() || !said.isEmpty()) {
      sink.delta(new Delta(rest, score, said));
    }
    sink.ended(end(finish(ending), receipt));
  }

  private static Finish finish(Ending ending) {
    return switch (ending) {
      case STOP -> Finish.STOP;
      case LENGTH -> Finish.LENGTH;
      case CANCELLED -> Finish.CANCELLED;
    };
  }

  private GenerationEnd end(Finish finish, dev.plumbline.mitigations.Receipt receipt) {
    boolean ended = finish == Finish.STOP && !text.stopped();
    return new GenerationEnd(
        finish,
        new Usage(ids.promptTokens(), tokens + (ended ? 1 : 0)),
        text.text(),
        finish == Finish.ERROR
            ? Reading.unscored(UnscoredReason.DEVICE_ERROR)
            : reading
                .map(r -> r.reading(true).asked(prompt))
                .orElseGet(() -> Reading.unscored(UnscoredReason.OFF)),
        receipt.applied()
            ? new Receipt(receipt.tokens(), receipt.removed() / receipt.tokens())
            : Receipt.NONE,
        timings());
  }

  private Timings timings() {
    long now = System.nanoTime();
    long first = begun == 0 ? now : begun;
    return new Timings(
        Duration.ZERO, Duration.ofNanos(first - queued), Duration.ofNanos(now - first));
  }

  @Override
  public void failed(RuntimeException cause) {
    if (spoke) {
      sink.ended(end(Finish.ERROR, dev.plumbline.mitigations.Receipt.NONE));
    } else {
      sink.rejected(new Rejection.Failed("The engine failed: " + cause.getMessage()));
    }
  }
}
