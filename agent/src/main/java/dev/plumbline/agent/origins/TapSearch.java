package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.TapChoice.Candidate;
import dev.plumbline.agent.tap.states.StatesScoring;
import io.vertx.core.Future;
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
 * again after waits that double, and one that comes back from being unhealthy is asked anew, since
 * it may have been started otherwise. Nobody waits for this: exchanges pass meanwhile, read by the
 * reader if there is one, or as was found before. Lives on one event loop; what blocks runs on a
 * worker.
 */
final class TapSearch {
  /**
   * What all searches share.
   *
   * @param opener opens a tap by one way; may block, and throws where the artefact does not fit
   * @param off the kill switch: nothing is asked while it is off
   * @param directory whether {@code states.directory} is set
   * @param tensor the output that holds hidden states where they travel as tensors
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
      String tensor,
      boolean reader,
      boolean scores) {}

  private static final Logger LOG = LoggerFactory.getLogger(TapSearch.class);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final Asker.Limits PAGE = new Asker.Limits(Duration.ofSeconds(5), 1 << 20);

  private final OriginServer server;
  private final Means means;
  private final FoundTap found;
  private boolean under;
  private int rounds;

  TapSearch(OriginServer server, Means means) {
    this.server = server;
    this.means = means;
    this.found = new FoundTap(means.vertx());
    server.tap(TapChoice.searching(fallback(), "not asked yet"));
  }

  /** The tap, once it is found and if it is one on the origin's own states. */
  Optional<StatesScoring> found() {
    return found.get();
  }

  /** Begins, unless it is under way. */
  void begin() {
    if (!under) {
      under = true;
      rounds = 0;
      ask();
    }
  }

  /** Lets go of the tap; a search under way ends by itself. Any thread. */
  void close() {
    found.close();
  }

  private void ask() {
    if (means.asker().closed()) {
      return;
    }
    if (means.off().getAsBoolean()) {
      again("off", "the agent is switched off");
    } else {
      pages().onSuccess(this::consider);
    }
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
    return Future.join(asked).transform(all -> Future.succeededFuture(ServerFacts.of(answers)));
  }

  private void consider(ServerFacts facts) {
    if (!facts.answered()) {
      again("again", "it does not answer yet");
    } else if (means.reader() && !means.scores()) {
      List<Candidate> all = new ArrayList<>();
      String why = "not tried: without states.reference its states give model_shift and no score";
      TapWays.TRIED.forEach(way -> all.add(new Candidate(way.toString(), false, why)));
      choose(facts, all, Optional.empty());
    } else {
      tryFrom(0, facts, new ArrayList<>());
    }
  }

  /** Tries the ways one after the other; the first that works ends it. */
  private void tryFrom(int at, ServerFacts facts, List<Candidate> sofar) {
    if (at == TapWays.TRIED.size()) {
      tensors(facts, sofar);
      return;
    }
    StatesSource way = TapWays.TRIED.get(at);
    Optional<String> obstacle = TapWays.obstacle(way, facts, means.directory(), model(facts));
    if (obstacle.isPresent()) {
      sofar.add(new Candidate(way.toString(), false, obstacle.get()));
      tryFrom(at + 1, facts, sofar);
      return;
    }
    open(way)
        .onFailure(
            failure -> {
              sofar.add(new Candidate(way.toString(), false, failure.getMessage()));
              tryFrom(at + 1, facts, sofar);
            })
        .onSuccess(
            scoring ->
                means
                    .trial()
                    .of(server.settings().url(), scoring, way, model(facts))
                    .onSuccess(result -> judge(result, scoring, at, facts, sofar)));
  }

  private Future<StatesScoring> open(StatesSource way) {
    return means.vertx().executeBlocking(() -> means.opener().apply(way), false);
  }

  private void judge(
      TapTrial.Result result,
      StatesScoring scoring,
      int at,
      ServerFacts facts,
      List<Candidate> sofar) {
    String way = TapWays.TRIED.get(at).toString();
    if (result.works()) {
      sofar.add(new Candidate(way, true, "its states came and were read"));
      TapWays.TRIED.stream()
          .skip(at + 1L)
          .map(rest -> new Candidate(rest.toString(), false, "not tried: a better works"))
          .forEach(sofar::add);
      choose(facts, sofar, Optional.of(scoring));
      return;
    }
    scoring.close();
    if (result.later()) {
      again("again", way + ": " + result.problem());
    } else {
      sofar.add(new Candidate(way, false, result.problem()));
      tryFrom(at + 1, facts, sofar);
    }
  }

  /** Last: output tensors, which a model declares, and which need no trial. */
  private void tensors(ServerFacts facts, List<Candidate> sofar) {
    if (facts.kind() != ServerFacts.Kind.OPEN_INFERENCE) {
      choose(facts, sofar, Optional.empty());
      return;
    }
    List<String> named = server.models().stream().filter(m -> !m.endsWith("*")).toList();
    new TensorModels(means.asker(), server.settings().url())
        .declaring(means.tensor(), named)
        .onSuccess(
            models -> {
              String why =
                  models.isEmpty()
                      ? "wanted a model that declares an output " + means.tensor() + ", found none"
                      : "its states travel as tensors of "
                          + ServerFacts.clean(models.toString())
                          + ", see states.tap";
              sofar.add(new Candidate("tensors", false, why));
              choose(facts, sofar, Optional.empty());
            });
  }

  private Optional<String> model(ServerFacts facts) {
    return facts.models().stream()
        .findFirst()
        .or(() -> server.models().stream().filter(m -> !m.endsWith("*")).findFirst());
  }

  private void choose(ServerFacts facts, List<Candidate> own, Optional<StatesScoring> scoring) {
    List<Candidate> all = new ArrayList<>(own);
    all.add(new Candidate("reader", scoring.isEmpty() && means.reader(), reader(scoring)));
    String taken =
        own.stream().filter(Candidate::taken).map(Candidate::tap).findFirst().orElse(fallback());
    under = false;
    if (found.set(scoring)) {
      server.tap(new TapChoice(taken, facts.title(), true, false, all));
      means.meters().count(Meter.TAP_SEARCHES, server.name(), taken);
      String why = server.tap().line();
      LOG.info("origin {} is {}: tap {} ({})", server.name(), facts.title(), taken, why);
    }
  }

  private String reader(Optional<StatesScoring> better) {
    if (!means.reader()) {
      return "no model is configured";
    }
    return better.isPresent() ? "reads what has no states" : "the model reads along";
  }

  private String fallback() {
    return means.reader() ? "reader" : "none";
  }

  /** What was found before holds until something else is. */
  private void again(String result, String why) {
    means.meters().count(Meter.TAP_SEARCHES, server.name(), result);
    if (server.tap().searching()) {
      server.tap(TapChoice.searching(fallback(), why));
    }
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(rounds++, 10));
    long millis = Math.min(wait.toMillis(), LONGEST_WAIT.toMillis());
    means.vertx().setTimer(millis, fired -> ask());
  }
}
