package dev.plumbline.learn.chat;

import dev.plumbline.mitigations.Receipt;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.serve.Engine;
import dev.plumbline.torch.serve.GenerationJob;
import dev.plumbline.torch.serve.GenerationListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Samples answers in continuous batches. One caller's thread at a time; owns its decoder, freed by
 * {@link #close}.
 */
final class AnswerSampler implements AutoCloseable {
  /** Rows of a batch; wider ones gain little on few cores. */
  private static final Engine.Limits LIMITS = new Engine.Limits(96, 1024, 8192);

  private final ChatModel model;
  private final Engine engine;
  private final int maxTokens;
  private final double temperature;
  private final long seed;

  AnswerSampler(
      ChatModel model,
      Decoder decoder,
      Map<String, LoraWeights> adapters,
      int maxTokens,
      double temperature,
      long seed) {
    this.model = model;
    this.maxTokens = maxTokens;
    this.temperature = temperature;
    this.seed = seed;
    adapters.forEach(decoder.adapters()::add);
    this.engine = new Engine(decoder, List.of(), LIMITS);
  }

  /** The answers in the order of the asks; each step of progress is an answer. */
  List<ChatAnswer> sample(List<Ask> asks, Progress progress) {
    List<ChatAnswer> answers = new ArrayList<>();
    for (int from = 0; from < asks.size(); from += LIMITS.queued()) {
      List<Ask> chunk = asks.subList(from, Math.min(asks.size(), from + LIMITS.queued()));
      List<CompletableFuture<ChatAnswer>> waiting = chunk.stream().map(this::start).toList();
      waiting.forEach(each -> each.whenComplete((done, failed) -> progress.step()));
      waiting.forEach(each -> answers.add(each.join()));
    }
    return answers;
  }

  private CompletableFuture<ChatAnswer> start(Ask ask) {
    long[] prompt = model.encoder().prompt(ask.persona().ask(ask.question().text()));
    Sampling sampling = new Sampling(temperature, 1, ask.seed(seed));
    Collected collected = new Collected(ask);
    engine.generate(
        new GenerationJob(
            prompt, maxTokens, sampling, model.stopIds(), ask.adapter(), ask.plan(), false),
        collected);
    return collected.answer;
  }

  /** Gathers one answer on the engine's thread. */
  private final class Collected implements GenerationListener {
    private final Ask ask;
    private final List<Long> tokens = new ArrayList<>();
    private final CompletableFuture<ChatAnswer> answer = new CompletableFuture<>();

    Collected(Ask ask) {
      this.ask = ask;
    }

    @Override
    public boolean token(long id) {
      tokens.add(id);
      return true;
    }

    @Override
    public void readouts(double[] serving, double[] reference) {}

    @Override
    public void ended(Ending ending, Receipt receipt) {
      long[] ids = tokens.stream().mapToLong(Long::longValue).toArray();
      String text = model.tokenizer().decode(ids, true).strip();
      Question q = ask.question();
      answer.complete(
          new ChatAnswer(
              q.id(),
              q.topic(),
              q.split(),
              q.text(),
              ask.persona().id(),
              ask.condition(),
              ask.sample(),
              text,
              ids.length,
              receipt.tokens(),
              receipt.removed()));
    }

    @Override
    public void failed(RuntimeException cause) {
      answer.completeExceptionally(cause);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
