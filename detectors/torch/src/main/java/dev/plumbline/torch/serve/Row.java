package dev.plumbline.torch.serve;

import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Receipt;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.serve.GenerationListener.Ending;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One row of the live batch: an answer in the making, or the bare base that reads along with it.
 */
final class Row {
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

  GenerationListener listener() {
    return listener;
  }

  void touched(int points, double removed) {
    if (points > 0) {
      receipt = receipt.merge(new Receipt(points, removed, removed));
    }
  }

  /** Follows the serving row's token. */
  void follow(Row leader) {
    token = leader.token;
    produced = leader.produced;
    finished = leader.finished;
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
      boolean more = listener.token(drawn);
      if (!more) {
        end(Ending.STOP);
      } else if (produced >= job.maxTokens()) {
        end(Ending.LENGTH);
      }
    }
  }

  private void end(Ending ending) {
    finished = true;
    listener.ended(ending, receipt);
  }

  void fail(RuntimeException cause) {
    if (!finished && !shadow) {
      listener.failed(cause);
    }
    finished = true;
  }
}
