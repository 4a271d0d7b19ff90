package dev.plumbline.learn.finetune;

import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Trainable;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Measures solutions of one shape on a frozen model: loss on texts, divergence from the model
 * without them. One thread; closed by its maker; the decoder lives on.
 */
public final class SolutionMeter implements AutoCloseable {
  /** Tokens of a pass, padding counted: logits are [M,V]. */
  private static final int ROOM = 1024;

  private final ModelConfig config;
  private final Trainable trainable;
  private final boolean own;

  /** Begins with a solution; {@link #put} changes to others with the same places. */
  public SolutionMeter(Decoder decoder, ModelConfig config, Solution solution) {
    this(config, decoder.trainable(solution.trainee(config)), true);
  }

  /** On a training under way. */
  SolutionMeter(ModelConfig config, Trainable trainable) {
    this(config, trainable, false);
  }

  private SolutionMeter(ModelConfig config, Trainable trainable, boolean own) {
    this.config = config;
    this.trainable = trainable;
    this.own = own;
  }

  /** Measures this one from here on. */
  public void put(Solution solution) {
    trainable.put(Places.values(solution.trainee(config)));
  }

  /** Mean cross-entropy over predicted tokens of all texts, nats a token. */
  public double loss(List<TrainingText> texts, boolean answersOnly) {
    return mean(
        texts,
        answersOnly,
        batch -> trainable.measuredLoss(batch.tokens(), batch.index(), batch.target()),
        batch -> batch.index().length);
  }

  /** KL(base ‖ solution), mean over all tokens of all texts, nats a token. */
  public double divergence(List<TrainingText> texts) {
    return mean(
        texts,
        false,
        batch -> trainable.measuredDivergence(batch.tokens(), batch.everywhere()),
        batch -> batch.everywhere().length);
  }

  private static double mean(
      List<TrainingText> texts,
      boolean answersOnly,
      ToDoubleFunction<TokenBatch> measure,
      ToLongFunction<TokenBatch> weight) {
    double sum = 0;
    long tokens = 0;
    for (List<TrainingText> portion : Portions.of(texts, ROOM)) {
      TokenBatch batch = TokenBatch.of(portion, answersOnly);
      sum += weight.applyAsLong(batch) * measure.applyAsDouble(batch);
      tokens += weight.applyAsLong(batch);
    }
    return sum / tokens;
  }

  @Override
  public void close() {
    if (own) {
      trainable.close();
    }
  }
}
