package dev.plumbline.export.checkpoint;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.base.Layout;
import dev.plumbline.export.base.MergedBase;
import dev.plumbline.export.base.Products;
import dev.plumbline.export.base.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Writes a model folder anew with a direction taken out of every residual writer: the same shards
 * with the same tensors in the same types, configuration and tokenizer beside them. Tensors that
 * stay are copied byte by byte. A tied head is untied: it keeps the embedding as it was, as the
 * head of a forward pass that ablates does.
 *
 * <p>At once there are one piece of a tensor and two of its sides in memory: {@link #heapBound}.
 */
public final class CheckpointExport {
  private static final int ROUNDING_BYTES_OF_A_SIDE = 20;

  private final Base base;
  private final Optional<MergedBase> finetune;
  private final Map<String, Role> roles;
  private final HeapMeter heap;
  private final FolderCopy copy;

  /**
   * Works on a base that others close.
   *
   * @param progress told of every changed tensor
   */
  public CheckpointExport(FolderBase base, HeapMeter heap, Consumer<String> progress) {
    this(base, Optional.empty(), heap, progress);
  }

  /**
   * Works on a base and a finetune that others close.
   *
   * @param finetune of {@code base}: the direction is taken out of both together
   * @param progress told of every changed tensor
   */
  public CheckpointExport(
      FolderBase base, Optional<MergedBase> finetune, HeapMeter heap, Consumer<String> progress) {
    this.base = finetune.map(Base.class::cast).orElse(base);
    this.finetune = finetune;
    this.roles = Layout.of(base);
    this.heap = heap;
    this.copy = new FolderCopy(base, base.shape().tied(), progress);
  }

  /** The most bytes of weights held at once beside the finetune's factors, from shapes alone. */
  public long heapBound() {
    long longest = 0;
    long widest = 0;
    for (String name : roles.keySet()) {
      List<Long> shape = base.shape(name);
      for (long side : shape) {
        longest = Math.max(longest, side);
      }
      widest = Math.max(widest, shape.get(shape.size() - 1));
    }
    return 4 * Math.max(Products.PIECE, widest) + ROUNDING_BYTES_OF_A_SIDE * longest;
  }

  /** The bytes it will write, weights alone. */
  public long bytes() {
    return copy.bytes();
  }

  /** The tensors a strength or the finetune changes, in order. */
  public List<String> changed(ToDoubleFunction<TapPoint> strength) {
    return roles.entrySet().stream()
        .filter(entry -> strengthOf(entry.getValue(), strength) != 0 || tuned(entry.getKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean tuned(String name) {
    return finetune.filter(each -> each.changed().contains(name)).isPresent();
  }

  static double strengthOf(Role role, ToDoubleFunction<TapPoint> strength) {
    if (role instanceof Role.Embedding) {
      return strength.applyAsDouble(TapPoint.EMBED);
    }
    if (role instanceof Role.Writer writer) {
      return strength.applyAsDouble(writer.point());
    }
    return role instanceof Role.WriterBias bias ? strength.applyAsDouble(bias.point()) : 0;
  }

  /**
   * Fills a folder.
   *
   * @param folder empty
   * @param strength α by the tap point after a writer, 0 to 2
   * @return what was not copied: files that are neither weights nor of a known kind
   */
  public List<String> write(Path folder, Direction direction, ToDoubleFunction<TapPoint> strength) {
    Orthogonalised weights = new Orthogonalised(base, heap, direction, strength);
    return copy.write(
        folder,
        name ->
            weights
                .of(name, roles.getOrDefault(name, new Role.BareReader()))
                .or(() -> finetune.flatMap(each -> each.pieces(name))));
  }
}
