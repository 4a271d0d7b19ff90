package dev.plumbline.agent.proxy;

import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Has an answer that passed, or is held, read and judged. On one event loop, but for what the desk
 * runs.
 */
final class AnswerScoring {
  private final ExchangeShared shared;
  private final Entry entry;
  private final AskedExchange request;
  private final Optional<Decoration> decoration;
  private final BoundedCopy answer;

  AnswerScoring(
      ExchangeShared shared, Entry entry, AskedExchange request, Optional<Decoration> decoration) {
    this.shared = shared;
    this.entry = entry;
    this.request = request;
    this.decoration = decoration;
    this.answer = new BoundedCopy(shared.observedBytes());
  }

  /** A piece of the answer has come. */
  void add(Buffer chunk) {
    answer.add(chunk);
  }

  /** The answer without its coding; empty where it cannot be decoded. */
  byte[] plain(AnswerHead head) {
    Decoded plain = Decoded.of(answer.bytes(), head.encoding(), shared.observedBytes(), true);
    return plain.failure().isPresent() ? new byte[0] : plain.bytes();
  }

  /** Why there can be no verdict; empty for nothing. */
  Optional<UnscoredReason> obstacle(Outcome outcome, AnswerHead head, boolean sampledOut) {
    boolean answered = head.good();
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

  /** Whether the verdict is on the origin's own states. */
  boolean decorated() {
    return decoration.filter(Decoration::active).isPresent();
  }

  /** Whether the text of a decorated exchange is wanted. */
  boolean recorded() {
    return decorated() && shared.tap().get().filter(Tap::records).isPresent();
  }

  private UnscoredReason withoutTap() {
    return decoration.isPresent() ? UnscoredReason.NO_HIDDEN_STATES : shared.withoutTap();
  }

  /**
   * The verdict; later, never fails.
   *
   * @param whole the answer came to its end
   * @param follow who has read it as it passed
   */
  CompletableFuture<Reading> verdict(
      boolean whole, AnswerHead head, Priority priority, Optional<StreamFollow> follow) {
    entry.trace().scoring();
    CompletableFuture<Reading> scored = score(observation(whole, head, priority), follow);
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

  private CompletableFuture<Reading> score(Observation observation, Optional<StreamFollow> follow) {
    if (decorated()) {
      return scoreStates(decoration.orElseThrow(), observation);
    }
    Tap tap = shared.tap().get().orElseThrow();
    Observation.Reader reader = follow.<Observation.Reader>map(f -> f::end).orElse(tap::read);
    return shared
        .desk()
        .submit(
            observation.priority(),
            noted(abandoned -> observation.read(reader, abandoned, entry::generated)));
  }

  private Observation observation(boolean whole, AnswerHead head, Priority priority) {
    return new Observation(
        entry.id(),
        entry.route(),
        request.model(),
        request.body(),
        answer.bytes(),
        head.encoding(),
        head.stream(),
        whole,
        shared.observedBytes(),
        priority);
  }

  private CompletableFuture<Reading> scoreStates(Decoration states, Observation observation) {
    Function<BooleanSupplier, CompletionStage<Reading>> work =
        recorded() && !request.overflown() && !answer.overflown()
            ? recording(states, observation, shared.tap().get().orElseThrow())
            : states::read;
    CompletableFuture<Reading> scored = shared.desk().submit(observation.priority(), noted(work));
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
}
