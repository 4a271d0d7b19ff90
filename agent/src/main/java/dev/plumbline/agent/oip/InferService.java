package dev.plumbline.agent.oip;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.ExchangeId;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.shm.Regions;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.oip.InferRequest;
import dev.plumbline.agent.wire.oip.InferResponse;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.agent.wire.oip.Parameters;
import dev.plumbline.agent.wire.oip.RequestedOutput;
import dev.plumbline.agent.wire.oip.SharedMemory;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Context;
import io.vertx.core.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inference behind both transports. Every call is an exchange: whatever becomes of it, it ends with
 * one verdict in the ledger. Thread-safe; nothing here runs on an event loop but {@link #submit}.
 */
final class InferService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InferService.class);

  private final Supplier<Optional<OipModel>> model;
  private final Ledger ledger;
  private final Optional<Regions> regions;
  private final Sequences sequences;
  private final Statistics statistics = new Statistics();
  private final InferDesk desk;
  private final Duration deadline;
  private final Clock clock;

  /**
   * @param deadline a call waits for a worker at most this long
   */
  InferService(
      Supplier<Optional<OipModel>> model,
      Ledger ledger,
      Optional<Regions> regions,
      Sequences sequences,
      InferDesk desk,
      Duration deadline,
      Clock clock) {
    this.model = model;
    this.ledger = ledger;
    this.regions = regions;
    this.sequences = sequences;
    this.desk = desk;
    this.deadline = deadline;
    this.clock = clock;
  }

  Statistics.Snapshot statistics() {
    return statistics.snapshot();
  }

  InferDesk desk() {
    return desk;
  }

  /** Answers a call that has a place, later; the place is given back before the answer is sent. */
  <T> void submit(InferCall<T> call) {
    long came = System.nanoTime();
    desk.run(
        () -> {
          Runnable sending = work(call, came);
          desk.leave();
          sending.run();
        });
  }

  /** Refuses a call that got no place. */
  void turnAway(InferCall<?> call) {
    refuse(
        call,
        "",
        "",
        new Refusal(
            OipFault.BUSY,
            UnscoredReason.QUEUE_FULL,
            "wanted a place among the calls at work, found none (oip.queue); try again"),
        System.nanoTime());
  }

  /** Refuses a call whose body never came whole, or over its bound. */
  void turnAway(InferCall<?> call, Refusal refusal) {
    desk.leave();
    refuse(call, "", "", refusal, System.nanoTime());
  }

  /** What is left to do once the answer, or the refusal, is made. */
  private <T> Runnable work(InferCall<T> call, long came) {
    AtomicReference<InferRequest> read = new AtomicReference<>();
    try {
      return answered(call, came, read);
    } catch (RuntimeException | Error e) {
      Refusal refusal = Refusal.of(e);
      if (refusal.fault() == OipFault.FAILED) {
        LOG.warn("wanted an answer to an inference call, found a failure", e);
      }
      Optional<InferRequest> request = Optional.ofNullable(read.get());
      String id = request.map(InferRequest::id).orElse("");
      String name = request.isPresent() ? OipModel.NAME : "";
      return () -> refuse(call, id, name, refusal, came);
    }
  }

  private <T> Runnable answered(InferCall<T> call, long came, AtomicReference<InferRequest> read) {
    long started = System.nanoTime();
    requireInTime(started - came);
    read.set(call.read());
    OipModel loaded = require(read.get());
    InferRequest request = resolved(read.get());
    long parsed = System.nanoTime();
    Inferred inferred = loaded.infer(request, sequences);
    long computed = System.nanoTime();
    InferResponse response =
        new InferResponse(
            OipModel.NAME,
            OipModel.VERSION,
            request.id(),
            Parameters.NONE,
            placed(request, inferred.outputs()));
    T answer = call.write(request, response);
    long written = System.nanoTime();
    statistics.succeeded(
        clock.millis(),
        new Statistics.Times(
            started - came, parsed - started, computed - parsed, written - computed));
    return () -> call.answer(answer, settle(call, request.id(), inferred));
  }

  /** Gives a body up that does not come whole in time, however steadily it drips. */
  Timer bodyDeadline(Context loop, Consumer<Refusal> lost) {
    Timer timer = loop.owner().timer(deadline.toMillis(), TimeUnit.MILLISECONDS);
    timer.onSuccess(
        late ->
            lost.accept(
                new Refusal(
                    OipFault.INVALID,
                    UnscoredReason.DEADLINE_PASSED,
                    "body: wanted all of it within scoring.deadline, found a part; send it faster")));
    return timer;
  }

  static Refusal cutShort() {
    return Refusal.invalid("body: wanted all of it, found it cut short");
  }

  static Refusal tooLarge(int mostBytes) {
    return new Refusal(
        OipFault.TOO_LARGE,
        UnscoredReason.TOO_LONG,
        "body: wanted at most " + mostBytes + " bytes (limits.request-bytes), found more");
  }

  private void requireInTime(long waitedNanos) {
    if (waitedNanos > deadline.toNanos()) {
      throw new Refusal(
          OipFault.BUSY,
          UnscoredReason.DEADLINE_PASSED,
          "wanted a worker within scoring.deadline, found none; try again");
    }
  }

  private OipModel require(InferRequest request) {
    requireModel(request.model(), request.version());
    return model
        .get()
        .orElseThrow(
            () ->
                new Refusal(
                    OipFault.BUSY,
                    UnscoredReason.NO_HIDDEN_STATES,
                    "wanted the direction to be loaded, found it loading; try again"));
  }

  /** Refuses another model's name; an empty one is not held against it. */
  static void requireModel(String name, String version) {
    boolean known =
        (name.isEmpty() || name.equals(OipModel.NAME))
            && (version.isEmpty() || version.equals(OipModel.VERSION));
    if (!known) {
      throw new Refusal(
          OipFault.NOT_FOUND,
          UnscoredReason.WRONG_MODEL,
          "wanted model plumbline, version 1, found another name or version; correct it");
    }
  }

  private InferRequest resolved(InferRequest request) {
    request.outputs().forEach(output -> output.region().ifPresent(at -> regions().require(at)));
    List<SharedMemory> places =
        request.inputs().stream()
            .flatMap(
                input ->
                    input.content() instanceof Tensor.InRegion at
                        ? Stream.of(at.where())
                        : Stream.empty())
            .toList();
    if (!places.isEmpty()) {
      regions().requireRoom(places);
    }
    List<Tensor> inputs = request.inputs().stream().map(this::resolved).toList();
    return new InferRequest(
        request.model(),
        request.version(),
        request.id(),
        request.parameters(),
        inputs,
        request.outputs());
  }

  private Tensor resolved(Tensor input) {
    return input.content() instanceof Tensor.InRegion at
        ? input.with(new Tensor.Elements(regions().read(at.where())))
        : input;
  }

  private List<Tensor> placed(InferRequest request, List<Tensor> outputs) {
    return outputs.stream()
        .map(
            output ->
                request
                    .output(output.name())
                    .flatMap(RequestedOutput::region)
                    .map(at -> placed(output, at))
                    .orElse(output))
        .toList();
  }

  private Tensor placed(Tensor output, SharedMemory at) {
    var bytes = output.elements().orElseThrow();
    regions().write(at, bytes);
    SharedMemory used = new SharedMemory(at.region(), at.offset(), bytes.remaining());
    return output.with(new Tensor.InRegion(used));
  }

  /** The regions, or a refusal where shared memory is off. */
  Regions regions() {
    return regions.orElseThrow(
        () ->
            new Refusal(
                OipFault.NOT_OFFERED,
                UnscoredReason.UNPARSEABLE,
                "system shared memory: wanted oip.shared-memory, found it off; send the tensor"));
  }

  private InferCall.Delivery settle(InferCall<?> call, String id, Inferred inferred) {
    Entry entry = open(call, id);
    entry.asked(OipModel.NAME, inferred.ablate() ? Mode.ABLATE : Mode.OBSERVE, call.stream());
    entry.acted(Action.of(inferred.ablate(), inferred.touched()));
    inferred.peak().ifPresent(entry::prefixScore);
    return delivered -> {
      entry.answered(delivered ? 200 : 0, delivered ? Outcome.COMPLETED : Outcome.CLIENT_GONE);
      entry.settle(inferred.reading());
    };
  }

  private void refuse(InferCall<?> call, String id, String model, Refusal refusal, long came) {
    Entry entry = open(call, id);
    entry.asked(model, Mode.OBSERVE, call.stream());
    statistics.failed(clock.millis(), System.nanoTime() - came);
    Outcome outcome = refusal.fault() == OipFault.FAILED ? Outcome.ENGINE_FAILED : Outcome.REJECTED;
    call.refuse(
        refusal,
        id,
        delivered -> {
          entry.answered(refusal.fault().httpStatus(), delivered ? outcome : Outcome.CLIENT_GONE);
          entry.settle(Reading.unscored(refusal.reason()));
        });
  }

  private Entry open(InferCall<?> call, String id) {
    String known = id.isEmpty() ? call.fallbackId() : id;
    return ledger.open(ExchangeId.of(known), Route.OIP_INFER, true);
  }

  @Override
  public void close() {
    desk.close();
    regions.ifPresent(Regions::close);
  }

  /** The model, once it is loaded. */
  Optional<OipModel> model() {
    return model.get();
  }

  boolean sharesMemory() {
    return regions.isPresent();
  }
}
