package dev.plumbline.agent.embedded;

import dev.plumbline.agent.origin.Generation;
import dev.plumbline.agent.origin.GenerationRequest;
import dev.plumbline.agent.origin.GenerationSink;
import dev.plumbline.agent.origin.Rejection;
import dev.plumbline.agent.origin.ServedModel;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.serve.Engine;
import dev.plumbline.torch.serve.GenerationJob;
import dev.plumbline.torch.text.StreamDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The base and its adapters, served in this process. Tokenising runs on a thread of its own, its
 * queue bounded like the engine's.
 */
final class TorchTextModels implements TextModels {
  /** Answers of a request that names no bound. */
  private static final int DEFAULT_ANSWER = 512;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Engine engine;
  private final Prompts prompts;
  private final Set<Long> stopIds;
  private final Map<String, Served> served;
  private final List<ServedModel> described;
  private final ExecutorService tokenising;
  private final AutoCloseable owned;

  TorchTextModels(
      Engine engine,
      Prompts prompts,
      Set<Long> stopIds,
      Map<String, Served> served,
      ExecutorService tokenising,
      AutoCloseable owned) {
    this.engine = engine;
    this.prompts = prompts;
    this.stopIds = stopIds;
    this.served = served;
    this.tokenising = tokenising;
    this.owned = owned;
    this.described =
        served.values().stream().map(model -> model.describe(engine.positions())).toList();
  }

  @Override
  public List<ServedModel> models() {
    return described;
  }

  @Override
  public Generation start(GenerationRequest request, GenerationSink sink) {
    Cancellation cancellation = new Cancellation();
    try {
      tokenising.execute(() -> enqueue(request, sink, cancellation));
    } catch (RejectedExecutionException e) {
      sink.rejected(new Rejection.QueueFull(engine.queueCapacity(), RETRY));
    }
    return cancellation;
  }

  private void enqueue(GenerationRequest request, GenerationSink sink, Cancellation cancellation) {
    long[] prompt;
    try {
      prompt = prompts.encode(request.prompt());
    } catch (RuntimeException e) {
      sink.rejected(new Rejection.Invalid(param(request), e.getMessage()));
      return;
    }
    Optional<Rejection> unknown = unknown(prompt);
    if (unknown.isPresent()) {
      sink.rejected(unknown.get());
      return;
    }
    int room = engine.positions() - prompt.length;
    int wanted = request.sampling().maxTokens().orElse(Math.max(1, Math.min(DEFAULT_ANSWER, room)));
    if (prompt.length == 0 || wanted > room) {
      sink.rejected(
          prompt.length == 0
              ? new Rejection.Invalid(param(request), "The prompt is empty.")
              : new Rejection.PromptTooLong(
                  prompt.length, wanted, engine.positions(), param(request)));
      return;
    }
    submit(request, sink, cancellation, prompt, wanted);
  }

  /** Only ids that were given can be none of the model's. */
  private Optional<Rejection> unknown(long[] prompt) {
    for (int i = 0; i < prompt.length; i++) {
      if (prompt[i] >= engine.vocabulary()) {
        String at = "prompt[" + i + "]";
        String message =
            "Invalid value for '%s': wanted a token id below %d, which this model's vocabulary ends at, found %d."
                .formatted(at, engine.vocabulary(), prompt[i]);
        return Optional.of(new Rejection.Invalid(at, message));
      }
    }
    return Optional.empty();
  }

  private static String param(GenerationRequest request) {
    return request.prompt() instanceof Prompt.Chat ? "messages" : "prompt";
  }

  private void submit(
      GenerationRequest request,
      GenerationSink sink,
      Cancellation cancellation,
      long[] prompt,
      int maxTokens) {
    Served model = served.get(request.model());
    Optional<Ablating> ablating =
        (request.ablate() ? model.ablating() : Optional.<Ablating>empty())
            .map(usual -> request.ablation().map(usual::called).orElse(usual));
    Optional<AnswerReading> reading =
        request.score() ? model.scoring().map(AnswerReading::new) : Optional.empty();
    boolean asReference = model.adapter().isEmpty() && ablating.isEmpty();
    GenerationJob job =
        new GenerationJob(
            prompt,
            maxTokens,
            sampling(request),
            stopIds,
            model.adapter(),
            ablating.map(Ablating::plan).orElse(InterventionPlan.none()),
            reading.isPresent() && !asReference);
    TorchAnswer answer =
        new TorchAnswer(
            sink,
            decoder(request, prompt),
            request.sampling().stop(),
            reading,
            prompts.readable(request.prompt(), prompt),
            new AnswerIds(prompt, request.ids()));
    try {
      cancellation.by(engine.generate(job, answer));
    } catch (Engine.QueueFullException e) {
      sink.rejected(new Rejection.QueueFull(engine.queueCapacity(), RETRY));
    } catch (IllegalStateException e) {
      sink.rejected(new Rejection.Failed(e.getMessage()));
    }
  }

  /** An answer that stands behind text keeps the space before its first word. */
  private StreamDecoder decoder(GenerationRequest request, long[] prompt) {
    boolean continues = !(request.prompt() instanceof Prompt.Chat chat) || chat.continues();
    return continues
        ? prompts.tokenizer().streamAfter(true, prompt[prompt.length - 1])
        : prompts.tokenizer().stream(true);
  }

  private static Sampling sampling(GenerationRequest request) {
    return new Sampling(
        request.sampling().temperature().orElse(1),
        request.sampling().topP().orElse(1),
        request.sampling().seed().orElseGet(() -> ThreadLocalRandom.current().nextLong()));
  }

  @Override
  public int queueDepth() {
    return engine.queueDepth();
  }

  @Override
  public int queueCapacity() {
    return engine.queueCapacity();
  }

  @Override
  public void close() {
    tokenising.shutdownNow();
    engine.close();
    try {
      owned.close();
    } catch (Exception e) {
      throw new IllegalStateException("the tokenizer could not be closed", e);
    }
  }

  /** Calls a generation off, before or after it reached the engine. */
  private static final class Cancellation implements Generation {
    private Runnable engine;
    private boolean cancelled;

    synchronized void by(Runnable cancel) {
      engine = cancel;
      if (cancelled) {
        cancel.run();
      }
    }

    @Override
    public synchronized void cancel() {
      cancelled = true;
      if (engine != null) {
        engine.run();
      }
    }
  }
}
