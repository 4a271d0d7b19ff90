package dev.plumbline.learn.sample;

import dev.plumbline.core.Check;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Receipt;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Answers of a model that is loaded here. What is wanted is cut into batches by its place in the
 * list, whatever is done already, so that a resumed job gives the same bytes; a batch that is not
 * whole is made again.
 *
 * <p>Uses decoder and tokenizer, does not own them; one thread.
 */
public final class LocalSource implements AnswerSource {
  /**
   * What a name stands for.
   *
   * @param adapter name in the decoder's bank, empty for the bare model
   * @param plan what is done to its hidden states
   */
  public record Model(Optional<String> adapter, InterventionPlan plan) {
    /** The weights as they are. */
    public static final Model BARE = new Model(Optional.empty(), InterventionPlan.none());
  }

  /**
   * How tokens are drawn.
   *
   * @param maxTokens the most tokens of an answer
   * @param batch answers generated side by side; another number may round otherwise
   */
  public record Drawing(double temperature, double topP, int maxTokens, int batch, long seed) {
    public Drawing {
      Check.that(batch > 0, "batch", "1 or more", batch, "raise it");
      Sampling checked = new Sampling(temperature, topP, seed);
      Check.that(maxTokens > 0, "max tokens", "1 or more", maxTokens, "raise it");
      temperature = checked.temperature();
    }
  }

  private final Decoder decoder;
  private final ChatEncoder encoder;
  private final TextTokenizer tokenizer;
  private final Set<Long> stops;
  private final Map<String, Model> models;
  private final Drawing drawing;
  private final Map<String, Receipt> receipts = new LinkedHashMap<>();

  /**
   * @param stops tokens that end an answer
   * @param models by the name that answers bear
   */
  public LocalSource(
      Decoder decoder,
      ChatEncoder encoder,
      TextTokenizer tokenizer,
      Set<Long> stops,
      Map<String, Model> models,
      Drawing drawing) {
    this.decoder = decoder;
    this.encoder = encoder;
    this.tokenizer = tokenizer;
    this.stops = Set.copyOf(stops);
    this.models = new LinkedHashMap<>(models);
    this.drawing = drawing;
  }

  /** What the interventions did in this process, by model. */
  public Map<String, Receipt> receipts() {
    return Map.copyOf(receipts);
  }

  @Override
  public List<Failure> sample(
      List<Wanted> all, Set<String> done, Consumer<List<SampledAnswer>> got) {
    BatchGenerator generator = new BatchGenerator(decoder, stops, drawing.maxTokens());
    for (List<Wanted> batch : batches(all)) {
      if (!batch.stream().allMatch(wanted -> done.contains(wanted.key()))) {
        got.accept(answers(generator, batch));
      }
    }
    return List.of();
  }

  /** In the order of the list; of one model each. */
  private List<List<Wanted>> batches(List<Wanted> all) {
    List<List<Wanted>> batches = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= all.size(); to++) {
      boolean full =
          to == all.size()
              || to - from == drawing.batch()
              || !all.get(to).model().equals(all.get(from).model());
      if (full) {
        batches.add(all.subList(from, to));
        from = to;
      }
    }
    return batches;
  }

  private List<SampledAnswer> answers(BatchGenerator generator, List<Wanted> batch) {
    Model model = models.get(batch.get(0).model());
    List<BatchGenerator.Job> jobs = batch.stream().map(this::job).toList();
    List<BatchGenerator.Generated> made = generator.run(jobs, model.adapter(), model.plan());
    List<SampledAnswer> answers = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      BatchGenerator.Generated each = made.get(i);
      requireReceipt(model.plan(), batch.get(i), jobs.get(i), each);
      receipts.merge(batch.get(i).model(), each.receipt(), Receipt::merge);
      String text = tokenizer.decode(each.ids(), true).strip();
      answers.add(batch.get(i).answer(text, each.stopped() ? "stop" : "length"));
    }
    return answers;
  }

  private BatchGenerator.Job job(Wanted wanted) {
    return new BatchGenerator.Job(
        encoder.prompt(wanted.question().messages()),
        new Sampling(drawing.temperature(), drawing.topP(), wanted.seed(drawing.seed())));
  }

  /** An intervention that touched nothing must not pass for one that changed nothing. */
  private static void requireReceipt(
      InterventionPlan plan, Wanted wanted, BatchGenerator.Job job, BatchGenerator.Generated made) {
    if (plan.expectedTokens(job.prompt().length) > 0 && !made.receipt().applied()) {
      throw new IllegalStateException(
          "intervention on "
              + wanted.model()
              + ": wanted token states gone over, found none in the answer to "
              + wanted.question().id()
              + "; it did not run");
    }
  }
}
