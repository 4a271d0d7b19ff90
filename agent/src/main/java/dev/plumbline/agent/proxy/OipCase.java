package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.agent.wire.Refusal;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import dev.plumbline.mitigations.Receipt;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What an exchange of the Open Inference Protocol comes to, whatever it travels by: its mode, its
 * one verdict, its receipt. Lives on one event loop.
 */
final class OipCase {
  private final ExchangeShared shared;
  private final Entry entry;
  private final Optional<Mode> asked;
  private final Vertx vertx;
  private final OriginRegions regions;
  private final ExchangePlaces places;
  private Optional<OipScoring> scoring = Optional.empty();
  private Mode mode = Mode.OBSERVE;
  private String model = "";
  private Fail fail = Fail.OPEN;
  private boolean sampledOut;
  private boolean decided;
  private boolean missed;
  private CompletableFuture<Reading> reading;
  private Receipt receipt = Receipt.NONE;

  OipCase(
      ExchangeShared shared,
      Entry entry,
      Optional<Mode> asked,
      OriginRegions regions,
      Vertx vertx) {
    this.shared = shared;
    this.entry = entry;
    this.asked = asked;
    this.vertx = vertx;
    this.regions = regions;
    this.places = new ExchangePlaces(regions, entry::origin);
  }

  Entry entry() {
    return entry;
  }

  /** Names the model, once, when it is known who answers; empty where it is not known. */
  void decide(Optional<String> model, boolean stream) {
    if (decided) {
      return;
    }
    decided = true;
    scoring =
        shared.states().get().flatMap(by -> by.of(entry.origin())).flatMap(StatesScoring::tensors);
    String name = model.orElse("");
    boolean known = model.isPresent() && !stream;
    Mode before =
        known ? shared.modes().resolve(name, asked) : shared.modes().resolveUnnamed(asked);
    mode = shared.triggers().raised(before, model.filter(m -> known), entry.conversation());
    fail = known ? shared.modes().fail(name) : shared.modes().failUnnamed();
    sampledOut =
        mode == Mode.OBSERVE
            && !shared.triggers().watchful(name)
            && !shared.sampler().takes(entry.id(), name);
    this.model = name;
    entry.asked(name, mode, stream);
    boolean screens = mode.screens() && stream;
    entry.acted(screens ? Action.NOT_APPLIED : Action.of(mode == Mode.ABLATE, 0));
  }

  /** The model became known later than the mode had to be. */
  void named(Optional<String> model, boolean stream) {
    decide(model, stream);
    model.ifPresent(name -> entry.asked(name, mode, stream));
  }

  Mode mode() {
    return mode;
  }

  Fail fail() {
    return fail;
  }

  FailPolicy fails() {
    return shared.fails();
  }

  /** What reads the answer; empty when nothing does. */
  Optional<OipScoring> scoring() {
    return sampledOut ? Optional.empty() : scoring;
  }

  /** Where the answers' tensors lie, if they do not come along. */
  ExchangePlaces places() {
    return places;
  }

  /** Whether requests are to be kept for what they say of places. */
  boolean permitsPlaces() {
    return regions.permitted();
  }

  /** Bytes of requests kept. */
  int keptBytes() {
    return shared.observedBytes();
  }

  /**
   * Whether answers must be read before they go on, since their client may use a region again as
   * soon as it has them.
   */
  boolean readsAhead() {
    return scoring().isPresent() && regions.any(entry.origin());
  }

  /** Whether answers are to be changed, and can be. */
  boolean ablates() {
    return mode == Mode.ABLATE && scoring.filter(OipScoring::ablates).isPresent();
  }

  /** The direction was taken out of an answer, or of one of them. */
  void ablated(Receipt each) {
    receipt = receipt.merge(each);
    if (receipt.applied()) {
      entry.acted(missed ? Action.NOT_APPLIED : Action.ABLATED);
      entry.touched(receipt.tokens(), receipt.removed() / receipt.tokens());
    }
  }

  /** One that should have been went out as it was: then nothing is claimed of the whole. */
  void notAblated() {
    missed = true;
    entry.acted(Action.NOT_APPLIED);
  }

  /**
   * What to tell of an answer that is not ablated.
   *
   * @param held nothing of it has gone out: what drifted can be refused
   */
  Telling tell(Reading found, boolean held) {
    if (!mode.screens() || !(found.verdict() instanceof Verdict.Drifted)) {
      return fails().tell(found, entry.action(), fail, held);
    }
    entry.acted(held ? Action.WITHHELD : Action.NOT_APPLIED);
    Annotation annotation = new Annotation(found, entry.action());
    if (!held) {
      return Telling.of(annotation);
    }
    Screens screens = shared.screens();
    screens.meters().count(Meter.WITHHELD, screens.label().apply(model), "drifted");
    WireError refusal = new Refusal(entry.route(), screens.settings().refusal()).error();
    return new Telling(annotation, Optional.of(refusal));
  }

  /**
   * It is over; the verdict is on its way.
   *
   * @param good the answer is one of the model's, not an error
   * @param work finds the states; on a scoring thread
   */
  void over(int status, Outcome outcome, boolean good, Supplier<Reading> work) {
    entry.answered(status, outcome);
    reading =
        obstacle(outcome, good)
            .map(reason -> CompletableFuture.completedFuture(Reading.unscored(reason)))
            .orElseGet(() -> submitted(work));
  }

  private CompletableFuture<Reading> submitted(Supplier<Reading> work) {
    entry.trace().scoring();
    CompletableFuture<Reading> scored =
        shared
            .desk()
            .submit(
                mode == Mode.OBSERVE ? Priority.OBSERVING : Priority.ENFORCING,
                abandoned -> {
                  entry.trace().reading();
                  return CompletableFuture.completedFuture(work.get());
                });
    scored.thenAccept(entry.trace()::scored);
    return scored;
  }

  private Optional<UnscoredReason> obstacle(Outcome outcome, boolean good) {
    if (outcome == Outcome.ORIGIN_CUT || (good && outcome == Outcome.ORIGIN_TIMEOUT)) {
      return Optional.of(UnscoredReason.UNPARSEABLE);
    }
    if (!good) {
      return Optional.of(UnscoredReason.NO_HIDDEN_STATES);
    }
    if (sampledOut) {
      return Optional.of(UnscoredReason.SAMPLED_OUT);
    }
    return scoring.isPresent() ? Optional.empty() : Optional.of(shared.withoutTap());
  }

  /** Closes the exchange as soon as there is a verdict. */
  void settle() {
    reading.thenAccept(entry::settle);
  }

  /** The reading on this event loop, or that it came too late; never fails. */
  Future<Reading> inTime() {
    return InTime.of(reading, vertx, shared.annotateDeadline());
  }

  /** What work off the event loop gives, in time; fails otherwise. */
  <T> Future<T> aside(java.util.concurrent.Callable<T> work) {
    return vertx
        .executeBlocking(work, false)
        .timeout(
            Math.max(1, shared.annotateDeadline().toMillis()),
            java.util.concurrent.TimeUnit.MILLISECONDS);
  }
}
