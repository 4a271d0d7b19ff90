package dev.plumbline.export.checkpoint;

import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.MergedBase;
import dev.plumbline.export.base.Names;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a finetune that is an adapter as a model folder: the base's shards and types with {@code W
 * + s·B·A} in them. A tied head stays tied, unless the adapter changes the embedding: then it keeps
 * the embedding as it was.
 */
public final class MergeExport {
  private static final int PIECE = SafetensorsWriter.PIECE;

  private final FolderBase base;
  private final MergedBase merged;
  private final FolderCopy copy;

  /**
   * Works on bases that others close.
   *
   * @param merged of {@code base}
   * @param progress told of every changed tensor
   */
  public MergeExport(FolderBase base, MergedBase merged, Consumer<String> progress) {
    this.base = base;
    this.merged = merged;
    this.copy = new FolderCopy(base, untied(base, merged), progress);
  }

  private static boolean untied(FolderBase base, MergedBase merged) {
    return base.shape().tied() && merged.changed().contains(Names.EMBEDDING);
  }

  /** The bytes it will write, weights alone. */
  public long bytes() {
    return copy.bytes();
  }

  /** Whether a tied head becomes a tensor of its own. */
  public boolean untied() {
    return copy.untied();
  }

  /**
   * Fills an empty folder.
   *
   * @return what was not copied: files that are neither weights nor of a known kind
   */
  public List<String> write(Path folder) {
    return copy.write(folder, merged::pieces);
  }

  /**
   * What rounding to the stored type took from a change, read back: {@code ‖W' − (W + ΔW)‖ / ‖ΔW‖}.
   *
   * @param tensor where it took most
   * @param share of the change
   */
  public record Rounded(String tensor, double share) {}

  /** Reads the written folder back. */
  public Rounded rounded(Base written) {
    Rounded worst = new Rounded("none", 0);
    for (String name : merged.changed()) {
      double share = share(name, written);
      worst = share > worst.share() ? new Rounded(name, share) : worst;
    }
    return worst;
  }

  private double share(String name, Base written) {
    long elements = base.shape(name).stream().reduce(1L, Math::multiplyExact);
    float[] was = new float[(int) Math.min(PIECE, elements)];
    float[] wanted = new float[was.length];
    float[] found = new float[was.length];
    double error = 0;
    double change = 0;
    for (long from = 0; from < elements; from += PIECE) {
      int count = (int) Math.min(PIECE, elements - from);
      base.read(name, from, was, count);
      merged.read(name, from, wanted, count);
      written.read(name, from, found, count);
      for (int i = 0; i < count; i++) {
        error += Math.pow((double) found[i] - wanted[i], 2);
        change += Math.pow((double) wanted[i] - was[i], 2);
      }
    }
    return change == 0 ? 0 : Math.sqrt(error / change);
  }
}
