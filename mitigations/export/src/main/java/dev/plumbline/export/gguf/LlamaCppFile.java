package dev.plumbline.export.gguf;

import dev.plumbline.torch.checkpoint.file.FiniteCheck;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.TensorInfo;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A GGUF file of any architecture, by its own names. */
final class LlamaCppFile implements LlamaCppBase {
  private final Gguf file;
  private final String architecture;

  LlamaCppFile(Path path) {
    this.file = Gguf.open(path);
    this.architecture = file.metadata().requireText("general.architecture");
  }

  @Override
  public String architecture() {
    return architecture;
  }

  @Override
  public int layers() {
    return file.metadata().requireInteger(architecture + ".block_count");
  }

  @Override
  public int hidden() {
    return file.metadata().requireInteger(architecture + ".embedding_length");
  }

  @Override
  public boolean rmsNormed() {
    return file.metadata().number(architecture + ".attention.layer_norm_rms_epsilon").isPresent();
  }

  @Override
  public Set<String> names() {
    return file.names();
  }

  @Override
  public Optional<BaseMatrix> find(String name) {
    if (!file.has(name)) {
      return Optional.empty();
    }
    TensorInfo info = file.info(name);
    return Optional.of(
        new BaseMatrix(name, info.shape(), (from, into, n) -> read(info, from, into, n)));
  }

  private void read(TensorInfo info, long from, float[] into, int count) {
    file.read(info.name(), from, into, 0, count);
    FiniteCheck.require(info, from, into, 0, count);
  }

  @Override
  public void close() {
    file.close();
  }
}
