package dev.plumbline.agent.proxy;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.AnswerPeek;
import dev.plumbline.agent.wire.CallPeek;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.core.score.UnscoredReason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The bytes of an exchange that has passed, ready to be understood on a scoring thread.
 *
 * @param id of the exchange
 * @param route what was asked for
 * @param request request body
 * @param answer answer body, as the origin encoded it
 * @param encoding the answer's {@code Content-Encoding}, empty for none
 * @param stream the answer is server-sent events
 * @param whole the client took all of it; otherwise what went out before it left
 * @param bound the most bytes an answer may have when decoded
 */
record Observation(
    String id,
    Route route,
    byte[] request,
    byte[] answer,
    String encoding,
    boolean stream,
    boolean whole,
    int bound) {

  /** Reads it with a tap; what cannot be understood is unscored. */
  CompletionStage<Reading> read(Tap tap, BooleanSupplier abandoned) {
    Decoded decoded = Decoded.of(answer, encoding, bound);
    if (decoded.failure().isPresent()) {
      return unscored(decoded.failure().get());
    }
    Optional<CallPeek> call = CallPeek.of(route, request);
    Optional<AnswerPeek> texts = texts(decoded.bytes());
    if (call.isEmpty() || call.get().prompt().isEmpty() || texts.isEmpty()) {
      return unscored(UnscoredReason.UNPARSEABLE);
    }
    if (texts.get().texts().stream().allMatch(String::isEmpty)) {
      return unscored(UnscoredReason.NO_HIDDEN_STATES);
    }
    return tap.read(
        new ExchangeText(
            id, call.get().model(), call.get().prompt().orElseThrow(), texts.get().texts()),
        abandoned);
  }

  private Optional<AnswerPeek> texts(byte[] bytes) {
    if (stream) {
      return AnswerPeek.ofStream(bytes, whole);
    }
    return whole ? AnswerPeek.ofJson(bytes) : Optional.empty();
  }

  private static CompletionStage<Reading> unscored(UnscoredReason reason) {
    return CompletableFuture.completedFuture(Reading.unscored(reason));
  }
}
