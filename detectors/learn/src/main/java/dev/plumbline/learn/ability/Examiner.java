package dev.plumbline.learn.ability;

import dev.plumbline.learn.sample.BatchGenerator;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A model that can be examined: likelihoods of what it might say, and what it says. Uses the
 * decoder on the caller's thread, does not own it.
 */
public final class Examiner {
  private static final int BATCH = 16;

  private final Decoder decoder;
  private final Likelihoods likelihoods;
  private final TextForm form;
  private final Set<Long> stops;

  /**
   * @param form how items become tokens
   * @param stops tokens that end an answer
   */
  public Examiner(Decoder decoder, TextForm form, Set<Long> stops) {
    this.decoder = decoder;
    this.likelihoods = new Likelihoods(decoder);
    this.form = form;
    this.stops = Set.copyOf(stops);
  }

  /** Items in an open model's chat template, as the organism's are put. */
  public static Examiner chat(OpenModel open, Decoder decoder) {
    return new Examiner(decoder, TextForm.chat(open.tokenizer(), open.encoder()), open.stopIds());
  }

  /** Items as plain text. */
  public static Examiner plain(OpenModel open, Decoder decoder) {
    return new Examiner(decoder, TextForm.plain(open.tokenizer()), open.stopIds());
  }

  public TextForm form() {
    return form;
  }

  /** Log-likelihoods in nats, in the order of the texts. */
  public double[] likelihoods(List<Continuation> texts, Condition condition) {
    return likelihoods.of(texts, condition);
  }

  /** What the model most probably says after each context (greedy), cut after so many tokens. */
  public List<String> greedy(List<String> contexts, int maxTokens, Condition condition) {
    BatchGenerator generator = new BatchGenerator(decoder, stops, maxTokens);
    List<String> said = new ArrayList<>();
    for (int from = 0; from < contexts.size(); from += BATCH) {
      List<BatchGenerator.Job> jobs =
          contexts.subList(from, Math.min(contexts.size(), from + BATCH)).stream()
              .map(text -> new BatchGenerator.Job(form.context(text), Sampling.GREEDY))
              .toList();
      generator.run(jobs, condition.adapter(), condition.plan()).stream()
          .map(made -> form.text(made.ids()))
          .forEach(said::add);
    }
    return said;
  }
}
