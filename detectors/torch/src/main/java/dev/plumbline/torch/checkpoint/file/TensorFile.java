package dev.plumbline.torch.checkpoint.file;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One mapped file with a table of tensors: what safetensors and GGUF have in common once their
 * headers are read.
 */
public abstract sealed class TensorFile implements TensorSource permits Safetensors, Gguf {
  private static final int CHUNK = 1 << 15;

  private final MappedFile file;
  private final Map<String, TensorInfo> tensors;

  /** Takes a mapped file and its table, whose ranges were checked against the file. */
  TensorFile(MappedFile file, Map<String, TensorInfo> tensors) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  @Override
  public final Path path() {
    return file.path();
  }

  @Override
  public final Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public final TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new BadFileException(
          path(), "tensor " + name, "a tensor of that name", "none", "Is this the right file?");
    }
    return info;
  }

  @Override
  public final void read(String name, long fromElement, float[] into, int at, int count) {
    TensorInfo info = info(name);
    Objects.checkFromIndexSize(fromElement, count, info.elements());
    Objects.checkFromIndexSize(at, count, into.length);
    new BlockReader(file, info, count).read(fromElement, into, at, count);
  }

  @Override
  public final void read(String name, long fromElement, FloatBuffer into) {
    float[] chunk = new float[Math.min(CHUNK, into.remaining())];
    for (long from = fromElement; into.hasRemaining(); ) {
      int count = Math.min(chunk.length, into.remaining());
      read(name, from, chunk, 0, count);
      into.put(chunk, 0, count);
      from += count;
    }
  }

  @Override
  public final long[] integers(String name) {
    TensorInfo info = info(name);
    if (!info.type().isInteger()) {
      throw new IllegalArgumentException("wanted I32 or I64 in " + name + ", found " + info.type());
    }
    long[] all = new long[Math.toIntExact(info.elements())];
    int width = info.type().blockBytes();
    for (int i = 0; i < all.length; i++) {
      ByteBuffer one = file.slice(info.offset() + (long) i * width, width);
      all[i] = width == 4 ? one.getInt(0) : one.getLong(0);
    }
    return all;
  }

  @Override
  public final ByteBuffer raw(String name, long fromByte, int length) {
    TensorInfo info = info(name);
    Objects.checkFromIndexSize(fromByte, length, info.bytes());
    return file.slice(info.offset() + fromByte, length);
  }

  @Override
  public void close() {
    // Nothing is held but the mapping, which the garbage collector releases.
  }
}
