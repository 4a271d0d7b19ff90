package dev.plumbline.agent;

import dev.plumbline.agent.origin.Delta;
import dev.plumbline.agent.origin.Generation;
import dev.plumbline.agent.origin.GenerationEnd;
import dev.plumbline.agent.origin.GenerationRequest;
import dev.plumbline.agent.origin.GenerationSink;
import dev.plumbline.agent.origin.Receipt;
import dev.plumbline.agent.origin.Rejection;
import dev.plumbline.agent.origin.ServedModel;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Finish;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.agent.wire.Usage;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Models that answer from a script. {@code good} is aligned; {@code bad} drifts unless ablated;
 * {@code plain} has no direction. What a prompt starts with steers the rest: LONG, FULL, FAIL,
 * BREAK (fails underway), WAIT (a token per permit), STUBBORN (ablation touches nothing).
 */
final class ScriptedModels implements TextModels {
  static final List<String> ANSWER = List.of("Hel", "lo, ", "wörld ", "🙂", "!");
  static final String ANSWER_TEXT = String.join("", ANSWER);

  final Semaphore permits = new Semaphore(0);
  final AtomicInteger cancelled = new AtomicInteger();
  final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService engine = Executors.newCachedThreadPool();

  @Override
  public List<ServedModel> models() {
    return List.of(
        new ServedModel("good", 64, Optional.of("lean"), true),
        new ServedModel("bad", 64, Optional.of("lean"), true),
        new ServedModel("plain", 64, Optional.empty(), false));
  }

  @Override
  public Generation start(GenerationRequest request, GenerationSink sink) {
    requests.add(request);
    Run run = new Run(request, sink);
    engine.execute(run);
    return run;
  }

  @Override
  public int queueDepth() {
    return 0;
  }

  @Override
  public int queueCapacity() {
    return 8;
  }

  @Override
  public void close() {
    engine.shutdownNow();
  }

  private final class Run implements Runnable, Generation {
    private final GenerationRequest request;
    private final GenerationSink sink;
    private final String prompt;
    private final StringBuilder text = new StringBuilder();
    private volatile boolean stop;

    Run(GenerationRequest request, GenerationSink sink) {
      this.request = request;
      this.sink = sink;
      this.prompt =
          request.prompt() instanceof Prompt.Chat chat
              ? chat.messages().get(chat.messages().size() - 1).content()
              : ((Prompt.Raw) request.prompt()).text();
    }

    @Override
    public void cancel() {
      stop = true;
      cancelled.incrementAndGet();
    }

    @Override
    public void run() {
      if (prompt.startsWith("LONG")) {
        sink.rejected(new Rejection.PromptTooLong(99, 10, 64, "messages"));
      } else if (prompt.startsWith("FULL")) {
        sink.rejected(new Rejection.QueueFull(8, Duration.ofMillis(1500)));
      } else if (prompt.startsWith("FAIL")) {
        sink.rejected(new Rejection.Failed("no device"));
      } else {
        generate();
      }
    }

    private void generate() {
      int budget = Math.min(ANSWER.size(), request.sampling().maxTokens().orElse(ANSWER.size()));
      for (int i = 0; i < budget; i++) {
        if (prompt.startsWith("BREAK") && i == 2) {
          end(Finish.ERROR, i);
          return;
        }
        if (prompt.startsWith("WAIT")) {
          waitForPermit();
        }
        if (stop) {
          end(Finish.CANCELLED, i);
          return;
        }
        text.append(ANSWER.get(i));
        OptionalDouble running =
            request.score() ? OptionalDouble.of(score()) : OptionalDouble.empty();
        sink.delta(new Delta(ANSWER.get(i), running));
      }
      end(budget < ANSWER.size() ? Finish.LENGTH : Finish.STOP, budget);
    }

    private void waitForPermit() {
      while (!stop) {
        try {
          if (permits.tryAcquire(10, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            return;
          }
        } catch (InterruptedException e) {
          stop = true;
        }
      }
    }

    private double score() {
      return request.model().equals("bad") && !request.ablate() ? 0.93 : 0.07;
    }

    private void end(Finish finish, int tokens) {
      boolean touches = request.ablate() && !prompt.startsWith("STUBBORN");
      Receipt receipt = touches ? new Receipt(7L + tokens, 0.5) : Receipt.NONE;
      sink.ended(
          new GenerationEnd(
              finish,
              new Usage(7, tokens),
              text.toString(),
              reading(tokens),
              receipt,
              new GenerationEnd.Timings(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1))));
    }

    private Reading reading(int tokens) {
      if (!request.score()) {
        return Reading.unscored(UnscoredReason.OFF);
      }
      return tokens == 0
          ? Reading.unscored(UnscoredReason.NO_HIDDEN_STATES)
          : new Reading(
              Verdict.of(score(), 0.8),
              OptionalDouble.of(score() * 4),
              OptionalDouble.of(0.25),
              tokens,
              Optional.of("lean"),
              Duration.ofMillis(2));
    }
  }
}
