package dev.plumbline.export.gguf;

import dev.plumbline.torch.checkpoint.Architecture;
import dev.plumbline.torch.checkpoint.Architectures;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.RotaryRows;
import dev.plumbline.torch.checkpoint.Weight;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Hugging Face folder under the names and in the row order its conversion to GGUF has: where that
 * interleaves the rows of Q and K, they are read so.
 */
final class LlamaCppFolder implements LlamaCppBase {
  private final Checkpoint checkpoint;
  private final Architecture architecture;
  private final Map<String, BaseMatrix> matrices = new LinkedHashMap<>();

  LlamaCppFolder(Path folder) {
    this.checkpoint = Checkpoint.open(folder);
    this.architecture = Architectures.ofHf(config().architecture()).orElseThrow();
    for (Weight weight : Weight.values()) {
      for (int layer = 0; layer < config().copies(weight); layer++) {
        BaseMatrix matrix = matrix(weight, layer);
        matrices.put(matrix.name(), matrix);
      }
    }
  }

  private BaseMatrix matrix(Weight weight, int layer) {
    String name = architecture.ggufTensorName(weight, layer);
    boolean interleaved =
        architecture.ggufPermutesQueryAndKey() && (weight == Weight.Q || weight == Weight.K);
    return new BaseMatrix(
        name,
        config().shape(weight),
        interleaved
            ? (from, into, count) -> interleaved(weight, layer, from, into, count)
            : (from, into, count) -> checkpoint.read(weight, layer, from, into, 0, count));
  }

  /** Row by row from where Hugging Face has each of the file's rows. */
  private void interleaved(Weight weight, int layer, long from, float[] into, int count) {
    int width = config().hidden();
    int headDim = config().headDim();
    RotaryRows order = new RotaryRows(headDim, width);
    for (int done = 0; done < count; ) {
      long row = (from + done) / width;
      long column = (from + done) % width;
      int now = (int) Math.min(count - done, width - column);
      long hf = row - row % headDim;
      while (order.stored(hf) != row) {
        hf++;
      }
      checkpoint.read(weight, layer, hf * width + column, into, done, now);
      done += now;
    }
  }

  private ModelConfig config() {
    return checkpoint.config();
  }

  @Override
  public String architecture() {
    return PeftToGguf.ggufArchitecture(config());
  }

  @Override
  public int layers() {
    return config().layers();
  }

  @Override
  public int hidden() {
    return config().hidden();
  }

  @Override
  public boolean rmsNormed() {
    return true;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(matrices.keySet());
  }

  @Override
  public Optional<BaseMatrix> find(String name) {
    return Optional.ofNullable(matrices.get(name));
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
