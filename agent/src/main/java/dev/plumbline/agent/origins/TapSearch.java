package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.TapChoice.Candidate;
import dev.plumbline.agent.tap.states.StatesScoring;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which tap is the best for one origin: asks who it is, tries each way that could be in
 * order, and takes the first that is seen to work. An origin that does not answer yet is asked
 * again after waits that double. Nobody waits for this: exchanges pass meanwhile, read by the
 * reader if there is one. Lives on one event loop; what blocks runs on a worker.
 */
final class TapSearch {
  /**
   * What all searches share.
   *
   * @param opener opens a tap by one way; may block, and throws where the artefact does not fit
   * @param off the kill switch: nothing is asked while it is off
   * @param directory whether {@code states.directory} is set
   * @param reader whether a reader is configured
   * @param scores whether own states give a score ({@code states.reference})
   */
  record Means(
      Vertx vertx,
      Asker asker,
      Meters meters,
      TapTrial trial,
      Function<StatesSource, StatesScoring> opener,
      BooleanSupplier off,
      boolean directory,
      boolean reader,
      boolean scores) {}

  private static final Logger LOG = LoggerFactory.getLogger(TapSearch.class);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final Asker.Limits PAGE = new Asker.Limits(Duration.ofSeconds(5), 1 << 20);

  /** Best first: files cost the server least, SGLang gives one layer only. */
  private static final List<StatesSource> WAYS =
      List.of(StatesSource.VLLM_FILES, StatesSource.VLLM_CAPTURE, StatesSource.SGLANG);

  private final OriginServer server;
  private final Means means;
  private int rounds;
  private volatile Optional<StatesScoring> found = Optional.empty();
  private volatile boolean closed;

  TapSearch(OriginServer server, Means means) {
    this.server = server;
    this.means = means;
    server.tap(TapChoice.searching(fallback(), "not asked yet"));
  }

  /** The tap, once it is found and if it is one on the origin's own states. */
  Optional<StatesScoring> found() {
    return found;
  }

  void begin() {
    if (closed || means.asker().closed()) {
      return;
    }
    if (means.off().getAsBoolean()) {
      again("off", "the agent is switched off");
      return;
    }
    pages().onSuccess(this::consider);
  }

  /** Lets go of the tap; a search under way ends by itself. */
  synchronized void close() {
    closed = true;
    found.ifPresent(StatesScoring::close);
    found = Optional.empty();
  }

  private Future<ServerFacts> pages() {
    Map<String, Asker.Said> answers = new HashMap<>();
    List<Future<?>> asked = new ArrayList<>();
    for (String page : ServerFacts.PAGES) {
      asked.add(
          means
              .asker()
              .get(server.settings().url(), page, Map.of(TapTrial.MARK, "1"), PAGE)
              .onSuccess(said -> answers.put(page, said)));
    }
    Promise<ServerFacts> facts = Promise.promise();
    Future.join(asked).onComplete(all -> facts.complete(ServerFacts.of(answers)));
    return facts.future();
  }

  private void consider(ServerFacts facts) {
    if (!facts.answered()) {
      again("again", "it does not answer yet");
    } else if (means.reader() && !means.scores()) {
      List<Candidate> all = new ArrayList<>();
      String why = "not tried: without states.reference its states give model_shift and no score";
      WAYS.forEach(way -> all.add(new Candidate(way.toString(), false, why)));
      choose(facts, all, Optional.empty());
    } else {
      tryFrom(0, facts, new ArrayList<>());
    }
  }

  /** Tries the ways one after the other; the first that works ends it. */
  private void tryFrom(int at, ServerFacts facts, List<Candidate> sofar) {
    if (at == WAYS.size()) {
      choose(facts, sofar, Optional.empty());
      return;
    }
    StatesSource way = WAYS.get(at);
    Optional<String> obstacle = obstacle(way, facts);
    if (obstacle.isPresent()) {
      sofar.add(new Candidate(way.toString(), false, obstacle.get()));
      tryFrom(at + 1, facts, sofar);
      return;
    }
    means
        .vertx()
        .executeBlocking(() -> means.opener().apply(way), false)
        .onFailure(
            failure -> {
              sofar.add(new Candidate(way.toString(), false, failure.getMessage()));
              tryFrom(at + 1, facts, sofar);
            })
        .onSuccess(scoring -> trial(way, scoring, at, facts, sofar));
  }

  private void trial(
      StatesSource way, StatesScoring scoring, int at, ServerFacts facts, List<Candidate> sofar) {
    means
        .trial()
        .of(server.settings().url(), scoring, way, model(facts))
        .onSuccess(
            problem -> {
              if (problem.isPresent()) {
                scoring.close();
                sofar.add(new Candidate(way.toString(), false, problem.get()));
                tryFrom(at + 1, facts, sofar);
              } else {
                sofar.add(new Candidate(way.toString(), true, "its states came and were read"));
                WAYS.stream()
                    .skip(at + 1L)
                    .forEach(
                        rest ->
                            sofar.add(
                                new Candidate(
                                    rest.toString(), false, "not tried: a better works")));
                choose(facts, sofar, Optional.of(scoring));
              }
            });
  }

  /** What rules a way out before it is tried. */
  private Optional<String> obstacle(StatesSource way, ServerFacts facts) {
    boolean sglang = way == StatesSource.SGLANG;
    ServerFacts.Kind wanted = sglang ? ServerFacts.Kind.SGLANG : ServerFacts.Kind.VLLM;
    if (facts.kind() != wanted) {
      return Optional.of("wanted " + wanted + ", found " + facts.kind());
    }
    if (way == StatesSource.VLLM_FILES && !means.directory()) {
      return Optional.of("states.directory is not set");
    }
    if (sglang && facts.handsOver().filter(on -> !on).isPresent()) {
      return Optional.of("it was started without --enable-return-hidden-states");
    }
    return !sglang && model(facts).isEmpty()
        ? Optional.of(
            facts.locked()
                ? "it wants a key, which the agent has not; set states.tap"
                : "it lists no model to try with")
        : Optional.empty();
  }

  private Optional<String> model(ServerFacts facts) {
    return facts.models().stream()
        .findFirst()
        .or(() -> server.models().stream().filter(m -> !m.endsWith("*")).findFirst());
  }

  private void choose(ServerFacts facts, List<Candidate> own, Optional<StatesScoring> scoring) {
    List<Candidate> all = new ArrayList<>(own);
    boolean reads = scoring.isEmpty() && means.reader();
    all.add(new Candidate("reader", reads, reader(scoring.isPresent())));
    String taken =
        own.stream().filter(Candidate::taken).map(Candidate::tap).findFirst().orElse(fallback());
    synchronized (this) {
      if (closed) {
        scoring.ifPresent(StatesScoring::close);
        return;
      }
      found = scoring;
    }
    server.tap(new TapChoice(taken, facts.title(), true, false, all));
    means.meters().count(Meter.TAP_SEARCHES, server.name(), taken);
    LOG.info(
        "origin {} is {}: tap {} ({})", server.name(), facts.title(), taken, server.tap().line());
  }

  private String reader(boolean better) {
    if (!means.reader()) {
      return "no model is configured";
    }
    return better ? "reads what has no states" : "the model reads along";
  }

  private String fallback() {
    return means.reader() ? "reader" : "none";
  }

  private void again(String result, String why) {
    means.meters().count(Meter.TAP_SEARCHES, server.name(), result);
    server.tap(TapChoice.searching(fallback(), why));
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(rounds++, 10));
    long millis = Math.min(wait.toMillis(), LONGEST_WAIT.toMillis());
    means.vertx().setTimer(millis, fired -> begin());
  }
}
