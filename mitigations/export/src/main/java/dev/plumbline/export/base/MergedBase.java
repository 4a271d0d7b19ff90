package dev.plumbline.export.base;

import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.Architecture;
import dev.plumbline.torch.checkpoint.Architectures;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A base with a finetune's LoRA adapter in its weights: {@code W + s·B·A}, and of an embedding
 * {@code E + s·(B·A)ᵀ}, computed row by row as it is read. The adapter is held whole; the rest is
 * the base's. A head tied to the embedding is not changed with it, as in PEFT.
 */
public final class MergedBase implements Base {
  private final Base base;
  private final PeftAdapter adapter;
  private final Map<String, LowRank> changes;
  private final double scaling;

  private MergedBase(Base base, PeftAdapter adapter, Map<String, LowRank> changes) {
    this.base = base;
    this.adapter = adapter;
    this.changes = changes;
    this.scaling = adapter.scaling();
  }

  /**
   * Puts an adapter into a base; closing this closes the base.
   *
   * @param base of a kind that the runtime knows
   * @param peft a PEFT folder trained on it
   */
  public static MergedBase of(Base base, Path peft) {
    Check.that(
        base instanceof GgufBase || Architectures.ofHf(base.shape().modelType()).isPresent(),
        "--adapter " + peft,
        "a base of a kind that the runtime reads adapters for",
        base.shape().modelType(),
        "merge it with the tool that trained it, and name the merged folder as --model");
    PeftAdapter adapter;
    Architecture names;
    try (Checkpoint checkpoint = Checkpoint.open(base.path())) {
      adapter = PeftAdapter.open(peft, checkpoint.config());
      names = Architectures.ofHf(checkpoint.config().architecture()).orElseThrow();
    }
    Map<String, LowRank> changes = new LinkedHashMap<>();
    adapter.embedding().ifPresent(change -> changes.put(names.hfName(Weight.EMBED, 0), change));
    adapter
        .changes()
        .forEach((at, change) -> changes.put(names.hfName(at.weight(), at.layer()), change));
    return new MergedBase(base, adapter, changes);
  }

  /** The changed tensor as it is to be written; empty where the base's stays. */
  public Optional<SafetensorsWriter.Pieces> pieces(String name) {
    return changes.containsKey(name)
        ? Optional.of((from, into, count) -> read(name, from, into, count))
        : Optional.empty();
  }

  /** The adapter that is in it. */
  public PeftAdapter adapter() {
    return adapter;
  }

  /** The tensors it changes. */
  public Set<String> changed() {
    return changes.keySet();
  }

  /** The bytes of its factors, which are held throughout. */
  public long bytes() {
    return changes.values().stream()
        .mapToLong(each -> 4L * (each.a().length + each.b().length))
        .sum();
  }

  @Override
  public Path path() {
    return base.path();
  }

  @Override
  public BaseShape shape() {
    return base.shape();
  }

  @Override
  public Set<String> names() {
    return base.names();
  }

  @Override
  public List<Long> shape(String name) {
    return base.shape(name);
  }

  @Override
  public TensorType type(String name) {
    return base.type(name);
  }

  @Override
  public void read(String name, long fromElement, float[] into, int count) {
    base.read(name, fromElement, into, count);
    LowRank change = changes.get(name);
    if (change == null) {
      return;
    }
    boolean embedding = name.equals(Names.EMBEDDING);
    int width = embedding ? change.out() : change.in();
    for (int i = 0; i < count; i++) {
      int row = (int) ((fromElement + i) / width);
      int column = (int) ((fromElement + i) % width);
      into[i] +=
          (float)
              (scaling * (embedding ? product(change, column, row) : product(change, row, column)));
    }
  }

  /** {@code (B·A)[out,in]}. */
  private static double product(LowRank change, int out, int in) {
    double sum = 0;
    for (int r = 0; r < change.rank(); r++) {
      sum += (double) change.b()[out * change.rank() + r] * change.a()[r * change.in() + in];
    }
    return sum;
  }

  @Override
  public void close() {
    base.close();
  }
}
