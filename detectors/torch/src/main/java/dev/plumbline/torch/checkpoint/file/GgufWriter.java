package dev.plumbline.torch.checkpoint.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes a GGUF file, version 3, little endian, tensor by tensor, so that no more than one need be
 * in memory, and moves it into place when it is whole: a reader never sees half a file.
 *
 * <p>Keys and tensors stand in the order they were named. Every tensor begins at a multiple of the
 * alignment and is padded with zeroes to one, the last too, as ggml and gguf-py do. Names of 64
 * bytes and more are refused: llama.cpp does not load them. Not safe for several threads. Format:
 * ggml's {@code docs/gguf.md}.
 */
public final class GgufWriter {
  private static final int LONGEST_NAME = 63;
  private static final int COPIED_AT_ONCE = 1 << 24;

  /** Writes the bytes of one tensor. */
  @FunctionalInterface
  private interface Data {
    void write(FileChannel out) throws IOException;
  }

  private record Row(String name, TensorType type, List<Long> shape, Data data) {
    long bytes() {
      return type.bytes(TensorInfo.product(shape));
    }
  }

  private final int version;
  private final int alignment;
  private final boolean tail;
  private final Map<String, byte[]> metadata = new LinkedHashMap<>();
  private final Map<String, Row> rows = new LinkedHashMap<>();

  /** A version 3 file with an alignment of 32. */
  public GgufWriter() {
    this(3, GgufHeader.DEFAULT_ALIGNMENT, true);
  }

  private GgufWriter(int version, int alignment, boolean tail) {
    this.version = version;
    this.alignment = alignment;
    this.tail = tail;
  }

  /** With the version, alignment and all metadata of a file, byte for byte, and no tensors yet. */
  public static GgufWriter like(Gguf file) {
    GgufWriter writer =
        new GgufWriter(file.version(), file.alignment(), GgufLayout.isPaddedAtItsEnd(file));
    file.metadata().keys().forEach(key -> writer.metadata.put(key, file.encoded(key)));
    return writer;
  }

  /** A text. */
  public GgufWriter text(String key, String value) {
    return put(key, GgufEncoder.text(value));
  }

  /** True or false. */
  public GgufWriter flag(String key, boolean value) {
    return put(key, GgufEncoder.flag(value));
  }

  /** An unsigned number of 32 bits, given by its bits. */
  public GgufWriter u32(String key, int value) {
    return put(key, GgufEncoder.whole(GgufEncoder.U32, value));
  }

  /** A signed number of 32 bits. */
  public GgufWriter i32(String key, int value) {
    return put(key, GgufEncoder.whole(GgufEncoder.I32, value));
  }

  /** An unsigned number of 64 bits, given by its bits. */
  public GgufWriter u64(String key, long value) {
    return put(key, GgufEncoder.whole(false, value));
  }

  /** A signed number of 64 bits. */
  public GgufWriter i64(String key, long value) {
    return put(key, GgufEncoder.whole(true, value));
  }

  /** A float of 32 bits. */
  public GgufWriter f32(String key, float value) {
    return put(key, GgufEncoder.real(value));
  }

  /** A float of 64 bits. */
  public GgufWriter f64(String key, double value) {
    return put(key, GgufEncoder.real(value));
  }

  /** An array of text. */
  public GgufWriter texts(String key, List<String> values) {
    return put(key, GgufEncoder.texts(values));
  }

  /** An array of signed numbers of 32 bits. */
  public GgufWriter i32s(String key, int... values) {
    return put(key, GgufEncoder.wholes(GgufEncoder.I32, values));
  }

  /** An array of floats of 32 bits. */
  public GgufWriter f32s(String key, float... values) {
    return put(key, GgufEncoder.reals(values));
  }

  /** A value of another file, byte for byte. */
  public GgufWriter value(String key, Gguf file) {
    return put(key, file.encoded(key));
  }

  /**
   * Adds a tensor.
   *
   * @param type {@code F32}, {@code F16} or {@code BF16}; narrowing rounds to nearest even
   * @param shape row-major, slowest first; the file has it reversed
   * @param values asked for once, during {@link #write}; not kept
   */
  public GgufWriter tensor(
      String name, TensorType type, List<Long> shape, Supplier<float[]> values) {
    PlainFloats.requirePlain(name, type);
    return add(
        new Row(name, type, List.copyOf(shape), out -> plain(out, name, type, shape, values)));
  }

  /** Adds a tensor of another file as it is stored, of any type, perhaps under another name. */
  public GgufWriter copy(String name, TensorSource source, String from) {
    TensorInfo info = source.info(from);
    return add(new Row(name, info.type(), info.shape(), out -> copy(out, source, info)));
  }

  private GgufWriter put(String key, byte[] encoded) {
    require(!key.isEmpty(), "a key of 1 character or more", "none");
    require(!key.equals(GgufHeader.ALIGNMENT), "another key than " + key, "it");
    require(
        metadata.size() < GgufHeader.MOST_KEYS, "at most " + GgufHeader.MOST_KEYS + " keys", key);
    require(metadata.put(key, encoded) == null, "each key once", key + " again");
    return this;
  }

  private GgufWriter add(Row row) {
    int name = GgufEncoder.utf8(row.name).length;
    require(name > 0 && name <= LONGEST_NAME, "a name of 1 to 63 bytes", row.name);
    int extents = row.shape.size();
    require(
        extents >= 1 && extents <= GgufHeader.MOST_EXTENTS && !row.shape.contains(0L),
        "1 to 4 extents above 0 for " + row.name,
        row.shape.toString());
    long width = row.shape.get(extents - 1);
    require(
        width % row.type.blockSize() == 0,
        "rows of a multiple of " + row.type.blockSize() + " for " + row.name,
        "" + width);
    require(rows.size() < GgufHeader.MOST_TENSORS, "at most 200000 tensors", row.name);
    require(rows.put(row.name, row) == null, "each tensor once", row.name + " again");
    return this;
  }

  private static void require(boolean holds, String wanted, String found) {
    if (!holds) {
      throw new IllegalArgumentException("GGUF: wanted " + wanted + ", found " + found);
    }
  }

  /**
   * Writes the file and moves it into place.
   *
   * @throws IllegalArgumentException if a supplier gives another count than its shape says, or a
   *     value that F16 cannot hold; the target is then as it was
   * @throws UncheckedIOException if writing fails; the target is then as it was
   */
  public void write(Path target) {
    WholeFile.write(target, this::write);
  }

  private void write(FileChannel out) throws IOException {
    WholeFile.fully(out, header());
    pad(out, !rows.isEmpty() || tail);
    int left = rows.size();
    for (Row row : rows.values()) {
      row.data.write(out);
      pad(out, --left > 0 || tail);
    }
  }

  private void pad(FileChannel out, boolean wanted) throws IOException {
    if (wanted) {
      int more = (int) (GgufLayout.aligned(out.position(), alignment) - out.position());
      WholeFile.fully(out, ByteBuffer.allocate(more));
    }
  }

  private ByteBuffer header() {
    ByteBuffer bytes = ByteBuffer.allocate(headerBytes()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(GgufHeader.MAGIC).putInt(version).putLong(rows.size()).putLong(metadata.size());
    metadata.forEach((key, value) -> text(bytes, key).put(value));
    long offset = 0;
    for (Row row : rows.values()) {
      text(bytes, row.name).putInt(row.shape.size());
      for (int i = row.shape.size() - 1; i >= 0; i--) {
        bytes.putLong(row.shape.get(i));
      }
      bytes.putInt(row.type.ggmlCode()).putLong(offset);
      offset = GgufLayout.aligned(Math.addExact(offset, row.bytes()), alignment);
    }
    return bytes.flip();
  }

  private int headerBytes() {
    long bytes = 24;
    for (Map.Entry<String, byte[]> each : metadata.entrySet()) {
      bytes += 8 + GgufEncoder.utf8(each.getKey()).length + each.getValue().length;
    }
    for (Row row : rows.values()) {
      bytes += 8 + GgufEncoder.utf8(row.name).length + 4 + 8L * row.shape.size() + 12;
    }
    return Math.toIntExact(bytes);
  }

  private static ByteBuffer text(ByteBuffer bytes, String text) {
    byte[] utf8 = GgufEncoder.utf8(text);
    return bytes.putLong(utf8.length).put(utf8);
  }

  private static void plain(
      FileChannel out, String name, TensorType type, List<Long> shape, Supplier<float[]> values)
      throws IOException {
    float[] all = values.get();
    long wanted = TensorInfo.product(shape);
    require(all.length == wanted, wanted + " values for " + name, "" + all.length);
    PlainFloats.write(out, name, type, all);
  }

  private static void copy(FileChannel out, TensorSource source, TensorInfo info)
      throws IOException {
    for (long from = 0; from < info.bytes(); from += COPIED_AT_ONCE) {
      int now = (int) Math.min(COPIED_AT_ONCE, info.bytes() - from);
      WholeFile.fully(out, source.raw(info.name(), from, now));
    }
  }
}
