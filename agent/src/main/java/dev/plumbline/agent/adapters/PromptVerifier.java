package dev.plumbline.agent.adapters;

import dev.plumbline.agent.ablation.AblatedRequest;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.adapters.ProbeAnswers.Question;
import dev.plumbline.agent.config.Ablated;
import dev.plumbline.agent.config.VerifyBy;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.agent.wire.Route;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks each prompt of the plain variant, of the ablated one, and of the plain one again, at
 * temperature 0, one after the other, and compares what lies along the direction.
 *
 * <p>Where the origin hands over its states, their projection is measured: an ablation takes it to
 * 0 whatever was asked. A reader sees the texts only: it can tell that the ablated variant says
 * something else, and only where the plain one says something misaligned. An adapter on the readers
 * of the residual stream leaves the stream as it is, and is measured by the reader.
 */
final class PromptVerifier implements Verifier {
  /** What it measures with; empty while it loads. */
  record Taps(Supplier<Optional<Tap>> reader, Supplier<Optional<StatesByOrigin>> states) {}

  private final String origin;
  private final Function<String, URI> urls;
  private final ProbeAnswers answers;
  private final Taps taps;
  private final List<String> prompts;
  private final Ablated.Verify settings;

  /**
   * @param urls of origins, by their configured names
   */
  PromptVerifier(
      String origin,
      Function<String, URI> urls,
      ProbeAnswers answers,
      Taps taps,
      List<String> prompts,
      Ablated.Verify settings) {
    this.origin = origin;
    this.urls = urls;
    this.answers = answers;
    this.taps = taps;
    this.prompts = List.copyOf(prompts);
    this.settings = settings;
  }

  /** One way to measure an answer. */
  private record Way(boolean states, Function<Question, Future<Double>> number) {}

  @Override
  public Future<Finding> verify(String plain, AblatedVariant variant) {
    Optional<Way> way = way(variant);
    if (way.isEmpty()) {
      return Future.succeededFuture(
          Finding.unanswered("wanted a tap to measure with, found none loaded yet"));
    }
    Future<List<double[]>> all = Future.succeededFuture(new ArrayList<>());
    for (String prompt : prompts) {
      all =
          all.compose(sofar -> three(plain, variant, prompt, way.get()).map(of -> add(sofar, of)));
    }
    return all.map(found -> judge(way.get().states(), found))
        .otherwise(
            failure ->
                Finding.unanswered(
                    "wanted answers to measure, found: "
                        + AdapterCalls.clean(String.valueOf(failure.getMessage()))));
  }

  /** Another origin's states are another's. */
  private Optional<Way> way(AblatedVariant variant) {
    boolean here = !(variant instanceof AblatedVariant.Elsewhere);
    Optional<Way> states =
        settings.by() == VerifyBy.READER || !here
            ? Optional.empty()
            : taps.states().get().flatMap(s -> s.of(origin)).flatMap(this::byStates);
    return states.isPresent() || settings.by() == VerifyBy.STATES
        ? states
        : taps.reader().get().map(tap -> new Way(false, q -> answers.byReader(q, tap)));
  }

  private Optional<Way> byStates(StatesScoring scoring) {
    return scoring
        .baseline()
        .map(baseline -> new Way(true, q -> answers.byStates(q, scoring, baseline)));
  }

  private Future<double[]> three(String plain, AblatedVariant variant, String prompt, Way way) {
    boolean apart = variant instanceof AblatedVariant.Lora;
    Question asked = new Question(urls.apply(origin), body(plain, prompt, apart), Map.of(), prompt);
    double[] found = new double[3];
    return way.number()
        .apply(asked)
        .compose(first -> keep(found, 0, first, ablated(asked, variant), way))
        .compose(second -> keep(found, 1, second, asked, way))
        .map(
            third -> {
              found[2] = third;
              return found;
            });
  }

  private static Future<Double> keep(double[] into, int at, double number, Question next, Way way) {
    into[at] = number;
    return way.number().apply(next);
  }

  private Question ablated(Question asked, AblatedVariant variant) {
    if (variant instanceof AblatedVariant.Elsewhere other) {
      return new Question(
          urls.apply(other.origin()),
          body(other.model(), asked.prompt(), false),
          Map.of(),
          asked.prompt());
    }
    AblatedRequest request =
        AblatedRequest.of(variant, Route.CHAT_COMPLETIONS, asked.body()).orElseThrow();
    return new Question(asked.origin(), request.body(), request.headers(), asked.prompt());
  }

  /**
   * @param apart whether what was kept of earlier prompts is not to be used: llama.cpp was seen to
   *     answer a plain request from what it had kept of the same prompt with an adapter
   */
  private byte[] body(String model, String prompt, boolean apart) {
    JsonObject body = apart ? new JsonObject().put("cache_prompt", false) : new JsonObject();
    return body.put("model", model)
        .put(
            "messages",
            new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt)))
        .put("max_tokens", settings.tokens())
        .put("temperature", 0)
        .put("stream", false)
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static List<double[]> add(List<double[]> all, double[] one) {
    all.add(one);
    return all;
  }

  private Finding judge(boolean states, List<double[]> found) {
    double[] mean = new double[3];
    found.forEach(
        one -> {
          for (int i = 0; i < mean.length; i++) {
            mean[i] += one[i] / found.size();
          }
        });
    return Finding.of(
        new Measured(states, mean[0], mean[1], mean[2], found.size()),
        new Finding.Bounds(settings.fall(), settings.floor()));
  }
}
