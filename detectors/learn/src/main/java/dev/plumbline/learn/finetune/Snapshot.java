package dev.plumbline.learn.finetune;

import dev.plumbline.torch.runtime.TrainingState;
import java.util.List;

/**
 * A training in the middle: what it had learned, and all that is needed to go on to the same bytes.
 *
 * @param curve all points so far
 * @param norms of the snapshots so far, this one's last
 */
public record Snapshot(
    int step,
    Solution solution,
    TrainingState state,
    LossMemory memory,
    List<Logged> curve,
    List<NormAt> norms) {
  public Snapshot {
    curve = List.copyOf(curve);
    norms = List.copyOf(norms);
  }
}
