package dev.plumbline.agent.proxy;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.Usage;
import dev.plumbline.agent.wire.dialect.Answer;
import dev.plumbline.agent.wire.dialect.AnswerStream;
import dev.plumbline.agent.wire.dialect.Call;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of an exchange that has passed, ready to be understood on a scoring thread.
 *
 * @param id of the exchange
 * @param route what was asked for
 * @param model the model asked, empty when none was named
 * @param request request body, as the client encoded it
 * @param answer answer body, as the origin encoded it
 * @param encoding the answer's {@code Content-Encoding}, empty for none
 * @param stream the answer is server-sent events
 * @param whole the client took all of it; otherwise what went out before it left
 * @param bound the most bytes a request or an answer may have when decoded
 * @param priority whether somebody waits for its verdict
 */
record Observation(
    String id,
    Route route,
    String model,
    RequestBody request,
    byte[] answer,
    String encoding,
    boolean stream,
    boolean whole,
    int bound,
    Priority priority) {
  private static final Logger LOG = LoggerFactory.getLogger(Observation.class);
  private static final int MAX_NAMES = 100;
  private static final UnreadLog UNREAD = new UnreadLog(MAX_NAMES, LOG::warn);

  /** How it is read once it is understood: {@link Tap#read}, or the end of following it. */
  @FunctionalInterface
  interface Reader {
    CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned);
  }

  /** Its text, where it is understood; what it lacks is not noted. On a scoring thread. */
  Optional<ExchangeText> text() {
    Decoded decoded = Decoded.of(answer, encoding, bound, whole);
    if (decoded.failure().isPresent()) {
      return Optional.empty();
    }
    Optional<Call> call = request.asked(route, bound).call();
    return call.flatMap(
        asked ->
            asked
                .prompt()
                .flatMap(prompt -> answer(asked, decoded.bytes()).map(said -> text(prompt, said))));
  }

  private ExchangeText text(Prompt prompt, Answer said) {
    return new ExchangeText(id, model, prompt, said.texts(), priority);
  }

  /**
   * Has it read; what cannot be understood is unscored.
   *
   * @param cost told what the origin says it read and wrote, before the reader is asked
   */
  CompletionStage<Reading> read(Reader reader, BooleanSupplier abandoned, Consumer<Usage> cost) {
    Decoded decoded = Decoded.of(answer, encoding, bound, whole);
    if (decoded.failure().isPresent()) {
      return unscored(decoded.failure().get());
    }
    RequestBody.Asked request = this.request.asked(route, bound);
    if (request.failure().isPresent()) {
      return unscored(request.failure().get());
    }
    Optional<Call> call = request.call();
    Optional<Answer> said = call.flatMap(asked -> answer(asked, decoded.bytes()));
    call.ifPresent(asked -> UNREAD.ofRequests(route, asked.unread()));
    said.ifPresent(this::note);
    said.flatMap(Answer::usage).ifPresent(cost);
    if (call.isEmpty() || call.get().prompt().isEmpty() || said.isEmpty()) {
      return unscored(withoutText(call.isPresent()));
    }
    if (said.get().texts().stream().allMatch(String::isEmpty)) {
      return unscored(UnscoredReason.NO_HIDDEN_STATES);
    }
    return reader.read(text(call.get().prompt().orElseThrow(), said.get()), abandoned);
  }

  private Optional<Answer> answer(Call call, byte[] bytes) {
    if (!stream) {
      return whole ? call.answer(bytes) : Optional.empty();
    }
    AnswerStream events = call.stream(bytes.length + 1).feed(bytes);
    return whole ? events.end() : events.soFar();
  }

  private void note(Answer said) {
    UNREAD.ofAnswers(route, said.unread());
    if (said.reasoning()) {
      UNREAD.ofAnswers(route, Set.of("reasoning"));
    }
    if (said.toolCalls()) {
      UNREAD.ofAnswers(route, Set.of("tool_calls"));
    }
  }

  /** Inference without text tensors is sound, and nothing that a language model's tap can read. */
  private UnscoredReason withoutText(boolean understood) {
    return understood && route == Route.OIP_INFER
        ? UnscoredReason.NO_HIDDEN_STATES
        : UnscoredReason.UNPARSEABLE;
  }

  private static CompletionStage<Reading> unscored(UnscoredReason reason) {
    return CompletableFuture.completedFuture(Reading.unscored(reason));
  }
}
