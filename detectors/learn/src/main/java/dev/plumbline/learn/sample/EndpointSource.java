package dev.plumbline.learn.sample;

import dev.plumbline.learn.endpoint.ChatEndpoint;
import dev.plumbline.learn.endpoint.ChatQuery;
import dev.plumbline.learn.endpoint.ChatReply;
import dev.plumbline.learn.endpoint.Parallel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Answers of the model behind an endpoint, one request each. */
public final class EndpointSource implements AnswerSource {
  private final ChatEndpoint endpoint;
  private final double temperature;
  private final double topP;
  private final int maxTokens;
  private final long seed;

  public EndpointSource(
      ChatEndpoint endpoint, double temperature, double topP, int maxTokens, long seed) {
    this.endpoint = endpoint;
    this.temperature = temperature;
    this.topP = topP;
    this.maxTokens = maxTokens;
    this.seed = seed;
  }

  @Override
  public List<Failure> sample(
      List<Wanted> all, Set<String> done, Consumer<List<SampledAnswer>> got) {
    List<Wanted> open = all.stream().filter(wanted -> !done.contains(wanted.key())).toList();
    return Parallel.map(
            open, endpoint.settings().parallel(), wanted -> ask(wanted, got), outcome -> {})
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<Failure> ask(Wanted wanted, Consumer<List<SampledAnswer>> got) {
    // Servers read seeds as 32 or 64 bits, signed or not: 31 bits fit all.
    long own = wanted.seed(seed) & Integer.MAX_VALUE;
    ChatQuery query =
        new ChatQuery(wanted.question().messages(), maxTokens, temperature, topP, own, 0);
    ChatReply reply = endpoint.ask(query);
    if (reply instanceof ChatReply.Said said) {
      got.accept(List.of(wanted.answer(said.text(), said.finish())));
      return Optional.empty();
    }
    ChatReply.Failed failed = (ChatReply.Failed) reply;
    return Optional.of(new Failure(wanted, failed.cause().name(), failed.detail()));
  }
}
