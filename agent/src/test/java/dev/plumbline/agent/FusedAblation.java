package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.export.cli.AdapterCommand;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine;

/**
 * A finetune and the ablation of one direction in one adapter, for servers where a request wears
 * one. Taking d out of a writer {@code W + sBA} leaves
 *
 * <pre>
 *   (I − d dᵀ)(W + sBA) = W + [s(I − d dᵀ)B | −d] · [A ; dᵀW]
 * </pre>
 *
 * so that the rank is the finetune's and one more; {@code −d} and {@code dᵀW} are what {@code
 * plumbline export adapter} writes for the base.
 */
final class FusedAblation {
  private final Path base;
  private final ModelConfig config;
  private final PeftAdapter ablation;

  /** Exports the direction's adapter of a base into a new folder. */
  FusedAblation(Path base, Path direction, Path exported) {
    this.base = base;
    int exit =
        new CommandLine(new AdapterCommand())
            .execute(
                "--direction",
                direction.toString(),
                "--model",
                base.toString(),
                "--for",
                "peft",
                "--variant",
                "writers",
                "--force",
                "--out",
                exported.toString());
    assertThat(Files.exists(exported.resolve("adapter_config.json"))).as("exit %s", exit).isTrue();
    try (Checkpoint checkpoint = Checkpoint.open(base)) {
      this.config = checkpoint.config();
    }
    this.ablation = PeftAdapter.open(exported, config);
  }

  /** Writes the one adapter. */
  void write(Path finetune, Path out) {
    PeftAdapter tuned = PeftAdapter.open(finetune, config);
    int rank = tuned.rank() + 1;
    TreeSet<Target> targets = new TreeSet<>(tuned.changes().keySet());
    targets.addAll(ablation.changes().keySet());
    Map<Target, LowRank> changes = new TreeMap<>();
    for (Target target : targets) {
      changes.put(
          target,
          fused(
              tuned.changes().get(target), tuned.scaling(), ablation.changes().get(target), rank));
    }
    assertThat(tuned.embedding()).isEmpty();
    Optional<LowRank> embedding =
        Optional.of(fused(null, 1, ablation.embedding().orElseThrow(), rank));
    PeftAdapterWriter.write(
        out,
        new PeftAdapter(rank, rank, false, changes, embedding),
        base.getFileName().toString(),
        TensorType.F32);
  }

  /** Either may be missing; the rank is filled with zeros. */
  private static LowRank fused(LowRank tuned, double scaling, LowRank ablated, int rank) {
    LowRank either = tuned == null ? ablated : tuned;
    int in = either.in();
    int out = either.out();
    float[] a = new float[rank * in];
    float[] b = new float[out * rank];
    if (tuned != null) {
      System.arraycopy(tuned.a(), 0, a, 0, tuned.a().length);
      for (int column = 0; column < rank - 1; column++) {
        put(b, rank, column, cleared(tuned, column, ablated), scaling);
      }
    }
    if (ablated != null) {
      System.arraycopy(ablated.a(), 0, a, (rank - 1) * in, in);
      put(b, rank, rank - 1, column(ablated, 0), 1);
    }
    return new LowRank(in, out, rank, a, b);
  }

  /** {@code (I − d dᵀ) b}; the adapter's B is {@code −d}, whose sign falls out. */
  private static double[] cleared(LowRank tuned, int column, LowRank ablated) {
    double[] b = column(tuned, column);
    if (ablated == null) {
      return b;
    }
    double[] d = column(ablated, 0);
    double along = 0;
    for (int i = 0; i < b.length; i++) {
      along += b[i] * d[i];
    }
    for (int i = 0; i < b.length; i++) {
      b[i] -= along * d[i];
    }
    return b;
  }

  private static double[] column(LowRank of, int column) {
    double[] values = new double[of.out()];
    for (int i = 0; i < values.length; i++) {
      values[i] = of.b()[i * of.rank() + column];
    }
    return values;
  }

  private static void put(float[] b, int rank, int column, double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      b[i * rank + column] = (float) (factor * values[i]);
    }
  }
}
