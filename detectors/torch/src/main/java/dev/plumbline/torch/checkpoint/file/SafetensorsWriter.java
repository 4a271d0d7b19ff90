package dev.plumbline.torch.checkpoint.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes a safetensors file tensor by tensor, so that no more than one need be in memory, and moves
 * it into place when it is whole: a reader never sees half a file.
 *
 * <p>{@code new SafetensorsWriter().metadata("format", "pt").tensor("w", F32, shape, () ->
 * values).write(path)}. Tensors are written in the order they were named; the first starts at a
 * multiple of 8 bytes into the file. Not safe for several threads.
 */
public final class SafetensorsWriter {
  private static final int CHUNK = 1 << 14;
  private static final float LARGEST_HALF = 65504f;

  private record Entry(TensorType type, List<Long> shape, Supplier<?> values, String name) {
    long bytes() {
      return type.bytes(TensorInfo.product(shape));
    }
  }

  private final Map<String, String> metadata = new TreeMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /** Adds a pair to {@code __metadata__}. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param type {@code F32}, {@code F16} or {@code BF16}; narrowing rounds to nearest even
   * @param values asked for once, during {@link #write}; not kept
   */
  public SafetensorsWriter tensor(
      String name, TensorType type, List<Long> shape, Supplier<float[]> values) {
    if (type.isQuantised() || type.isInteger()) {
      throw new IllegalArgumentException("wanted F32, F16 or BF16 for " + name + ", found " + type);
    }
    return add(new Entry(type, List.copyOf(shape), values, name));
  }

  /** Adds an {@code I64} tensor, such as token ids. */
  public SafetensorsWriter integers(String name, List<Long> shape, Supplier<long[]> values) {
    return add(new Entry(TensorType.I64, List.copyOf(shape), values, name));
  }

  private SafetensorsWriter add(Entry entry) {
    if (entries.stream().anyMatch(e -> e.name.equals(entry.name))
        || entry.name.equals("__metadata__")) {
      throw new IllegalArgumentException(
          "wanted a new tensor name, found " + entry.name + " again");
    }
    entries.add(entry);
    return this;
  }

  /**
   * Writes the file and moves it into place.
   *
   * @throws IllegalArgumentException if a supplier gives another count than its shape says, or a
   *     value that F16 cannot hold; the target is then as it was
   * @throws UncheckedIOException if writing fails; the target is then as it was
   */
  public void write(Path target) {
    // Not createTempFile: its owner-only permissions would stay on the finished file.
    Path part =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try {
        writePart(part);
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + target, e);
    }
  }

  private void writePart(Path part) throws IOException {
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeFully(out, header());
      for (Entry entry : entries) {
        writeTensor(out, entry);
      }
      out.force(true);
    }
  }

  private ByteBuffer header() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode header = mapper.createObjectNode();
    if (!metadata.isEmpty()) {
      header.set("__metadata__", mapper.valueToTree(metadata));
    }
    long begin = 0;
    for (Entry entry : entries) {
      ObjectNode node = header.putObject(entry.name).put("dtype", entry.type.name());
      entry.shape.forEach(node.putArray("shape")::add);
      node.putArray("data_offsets").add(begin).add(begin + entry.bytes());
      begin += entry.bytes();
    }
    byte[] json = mapper.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void writeTensor(FileChannel out, Entry entry) throws IOException {
    Object values = entry.values.get();
    int count = values instanceof long[] longs ? longs.length : ((float[]) values).length;
    if (count != TensorInfo.product(entry.shape)) {
      throw new IllegalArgumentException(
          "wanted "
              + TensorInfo.product(entry.shape)
              + " values for "
              + entry.name
              + ", found "
              + count);
    }
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < count; from += CHUNK) {
      chunk.clear();
      int to = Math.min(count, from + CHUNK);
      for (int i = from; i < to; i++) {
        if (values instanceof long[] longs) {
          chunk.putLong(longs[i]);
        } else {
          put(chunk, entry, ((float[]) values)[i], i);
        }
      }
      writeFully(out, chunk.flip());
    }
  }

  private static void put(ByteBuffer chunk, Entry entry, float value, int index) {
    switch (entry.type) {
      case F32 -> chunk.putFloat(value);
      case BF16 -> chunk.putShort(Half.toBfloat16(value));
      default -> chunk.putShort(half(entry, value, index));
    }
  }

  private static short half(Entry entry, float value, int index) {
    if (Float.isFinite(value) && Math.abs(value) > LARGEST_HALF) {
      throw new IllegalArgumentException(
          "wanted at most 65504 in "
              + entry.name
              + " for F16, found "
              + value
              + " at element "
              + index);
    }
    return Half.fromFloat(value);
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
