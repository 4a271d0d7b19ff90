package dev.plumbline.agent.origin;

import java.util.List;

/**
 * The models in this process. Thread-safe.
 *
 * <p>Scoring in the forward pass belongs to a generation: its end carries the reading. The queue is
 * bounded; over the bound a request is {@link Rejection.QueueFull}.
 */
public interface TextModels extends AutoCloseable {
  /** What can be asked for; constant after loading. */
  List<ServedModel> models();

  /**
   * Starts a generation. Called on an event loop, so it only enqueues: tokenising, waiting and
   * computing happen on the engine's threads, and so does every failure, which goes to the sink.
   */
  Generation start(GenerationRequest request, GenerationSink sink);

  /** Generations waiting or at work. */
  int queueDepth();

  /** The queue's bound. */
  int queueCapacity();

  /** Cancels what is left and frees the models; called once, not on an event loop. */
  @Override
  void close();
}
