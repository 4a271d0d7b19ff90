package dev.plumbline.torch.serve;

import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Receipt;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.serve.GenerationListener.Ending;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One row of the live batch: an answer in the making, or the bare base that reads along with it.
 */
final class Row {
  private static final Logger LOG = LoggerFactory.getLogger(Row.class);

  private final GenerationJob job;
  private final GenerationListener listener;
  private final AtomicBoolean cancelled;
  private final SplittableRandom random;
  private final boolean shadow;
  private long token;
  private int produced;
  private boolean finished;
  private Receipt receipt = Receipt.NONE;

  private Row(
      GenerationJob job, GenerationListener listener, AtomicBoolean cancelled, boolean shadow) {
    this.job = job;
    this.listener = listener;
    this.cancelled = cancelled;
    this.shadow = shadow;
    this.random = new SplittableRandom(job.sampling().seed());
  }

  static Row serving(GenerationJob job, GenerationListener listener, AtomicBoolean cancelled) {
    return new Row(job, listener, cancelled, false);
  }

  /** The reference row of this one; it follows the same tokens. */
  Row reference() {
    return new Row(job, listener, cancelled, true);
  }

  boolean isShadow() {
    return shadow;
  }

  boolean hasReference() {
    return job.reference() && !shadow;
  }

  long[] prompt() {
    return job.prompt();
  }

  Optional<String> adapter() {
    return shadow ? Optional.empty() : job.adapter();
  }

  InterventionPlan plan() {
    return shadow ? InterventionPlan.none() : job.plan();
  }

  Sampling sampling() {
    return shadow ? Sampling.GREEDY : job.sampling();
  }

  double draw() {
    return random.nextDouble();
  }

  long token() {
    return token;
  }

  int produced() {
    return produced;
  }

  boolean finished() {
    return finished;
  }

  /**
   * A token went through the forward pass and its states changed.
   *
   * @param position in this row, 0 for its first prompt token
   */
  void touched(int position, double removed, double largest) {
    int points = plan().interventions().size();
    if (points > 0 && !finished && plan().range().contains(position)) {
      receipt = receipt.merge(new Receipt(points, removed, largest));
    }
  }

  /** Follows the serving row's token. */
  void follow(Row leader) {
    token = leader.token;
    produced = leader.produced;
    finished = leader.finished;
  }

  /** The prompt is read. */
  void started() {
    tell(listener::started);
  }

  /** The states of the last prompt token are read. */
  void prompted(double[] serving, double[] reference) {
    tell(() -> listener.prompted(serving, reference));
  }

  /** The states of the token that went through are read. */
  void readouts(double[] serving, double[] reference) {
    tell(() -> listener.readouts(serving, reference));
  }

  /** Takes the token drawn, and ends the answer where it ends. */
  void take(long drawn) {
    token = drawn;
    if (cancelled.get()) {
      end(Ending.CANCELLED);
    } else if (job.stopIds().contains(drawn)) {
      end(Ending.STOP);
    } else {
      produced++;
      tell(() -> follow(drawn));
    }
  }

  private void follow(long drawn) {
    boolean more = listener.token(drawn);
    if (!more) {
      end(Ending.STOP);
    } else if (produced >= job.maxTokens()) {
      end(Ending.LENGTH);
    }
  }

  private void end(Ending ending) {
    finished = true;
    tell(() -> listener.ended(ending, receipt));
  }

  /** A listener that throws ends its own answer and nobody else's. */
  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("a listener failed; its answer ends here", e);
      fail(asRuntime(e));
    }
  }

  private static RuntimeException asRuntime(Throwable cause) {
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("the listener failed: " + cause, cause);
  }

  /** Ends the answer with an error, once; never throws. */
  void fail(RuntimeException cause) {
    if (finished || shadow) {
      finished = true;
      return;
    }
    finished = true;
    try {
      listener.failed(cause);
    } catch (RuntimeException | Error again) {
      LOG.warn("a listener failed while it was told of a failure", again);
    }
  }
}
