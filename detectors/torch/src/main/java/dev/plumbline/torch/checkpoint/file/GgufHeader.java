package dev.plumbline.torch.checkpoint.file;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads magic, version, metadata and tensor table of a GGUF file. */
final class GgufHeader {
  static final int MAGIC = 0x46554747;
  static final int MOST_KEYS = 1 << 16;
  static final int MOST_TENSORS = 200_000;
  static final int MOST_EXTENTS = 4;
  private static final int SMALLEST_ENTRY = 12;
  static final String ALIGNMENT = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;
  static final int LARGEST_ALIGNMENT = 1 << 20;

  /** A row of the table before the start of the data is known. */
  private record Row(String name, TensorType type, List<Long> shape, long offset) {}

  private final MappedFile file;
  private final GgufCursor cursor;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, Span> spans = new LinkedHashMap<>();
  private GgufMetadata metadata;
  private int version;
  private int alignment;
  private long end;
  private long start;

  /** Where a value's type code begins and its last byte ends. */
  record Span(long from, long to) {}

  private GgufHeader(MappedFile file) {
    this.file = file;
    this.cursor = new GgufCursor(file);
  }

  static GgufHeader read(MappedFile file) {
    GgufHeader header = new GgufHeader(file);
    header.read();
    return header;
  }

  GgufMetadata metadata() {
    return metadata;
  }

  Map<String, TensorInfo> tensors() {
    return tensors;
  }

  /** Where each value lies, its type code first, in the order of the file. */
  Map<String, Span> spans() {
    return spans;
  }

  int version() {
    return version;
  }

  int alignmentBytes() {
    return alignment;
  }

  /** After the tensor table. */
  long end() {
    return end;
  }

  /** Where the tensors' bytes begin. */
  long start() {
    return start;
  }

  private void read() {
    preamble();
    int rows = count("tensors", MOST_TENSORS);
    int keys = count("metadata keys", MOST_KEYS);
    metadata = metadata(keys);
    List<Row> table = table(rows);
    place(table);
    Overlaps.refuse(file.path(), tensors.values());
  }

  private void preamble() {
    int magic = cursor.u32("the magic number");
    if (magic != MAGIC) {
      throw cursor.bad(0, "the letters GGUF", "0x" + Integer.toHexString(magic));
    }
    version = cursor.u32("the version");
    if (version != 2 && version != 3) {
      boolean swapped = Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3;
      throw cursor.bad(
          4,
          "version 2 or 3, little endian",
          swapped ? "a big-endian file" : Integer.toString(version));
    }
  }

  private int count(String what, int most) {
    long at = cursor.position();
    long count = cursor.u64("the number of " + what);
    long limit = Math.min(most, cursor.remaining() / SMALLEST_ENTRY);
    if (count < 0 || count > limit) {
      throw cursor.bad(at, "at most " + limit + " " + what, Long.toUnsignedString(count));
    }
    return (int) count;
  }

  private GgufMetadata metadata(int keys) {
    GgufValues reader = new GgufValues(cursor);
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < keys; i++) {
      long at = cursor.position();
      String key = cursor.text("a metadata key");
      long from = cursor.position();
      if (values.put(key, reader.value(key)) != null) {
        throw cursor.bad(at, "each key once", key + " again");
      }
      spans.put(key, new Span(from, cursor.position()));
    }
    return new GgufMetadata(file.path(), values);
  }

  private List<Row> table(int rows) {
    List<Row> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      String name = cursor.text("a tensor name");
      List<Long> shape = shape(name);
      long at = cursor.position();
      int code = cursor.u32("the type of " + name);
      TensorType type =
          TensorType.ofGgml(code)
              .orElseThrow(
                  () ->
                      cursor.bad(
                          at, "for " + name + " one of " + TensorType.all(), "ggml type " + code));
      table.add(new Row(name, type, shape, cursor.u64("the offset of " + name)));
    }
    return table;
  }

  private List<Long> shape(String name) {
    long at = cursor.position();
    int extents = cursor.u32("the number of extents of " + name);
    if (extents < 1 || extents > MOST_EXTENTS) {
      throw cursor.bad(
          at, "1 to " + MOST_EXTENTS + " extents of " + name, Integer.toUnsignedString(extents));
    }
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < extents; i++) {
      shape.add(cursor.u64("an extent of " + name));
    }
    Collections.reverse(shape);
    return shape;
  }

  private void place(List<Row> table) {
    alignment = alignment();
    end = cursor.position();
    start = GgufLayout.aligned(end, alignment);
    for (Row row : table) {
      String where = "tensor " + row.name;
      requireWholeRows(row, where);
      long bytes = Ranges.bytes(file.path(), where, row.type, row.shape);
      Ranges.within(file, where, start, row.offset, bytes);
      if (row.offset % alignment != 0) {
        throw new BadFileException(
            file.path(),
            where,
            "an offset that is a multiple of " + alignment,
            "" + row.offset,
            Ranges.FETCH);
      }
      TensorInfo info =
          Ranges.info(file.path(), row.name, row.type, row.shape, start + row.offset, bytes);
      if (tensors.put(row.name, info) != null) {
        throw new BadFileException(file.path(), where, "each name once", "it again", Ranges.FETCH);
      }
    }
  }

  /** Blocks never cross rows, so a row must fill them. */
  private void requireWholeRows(Row row, String where) {
    long width = row.shape.get(row.shape.size() - 1);
    if (width % row.type.blockSize() != 0) {
      throw new BadFileException(
          file.path(),
          where,
          "rows of a multiple of " + row.type.blockSize(),
          "" + width,
          Ranges.FETCH);
    }
  }

  private int alignment() {
    int found = metadata.integer(ALIGNMENT).orElse(DEFAULT_ALIGNMENT);
    if (found < 1 || found > LARGEST_ALIGNMENT || Integer.bitCount(found) != 1) {
      throw metadata.bad(ALIGNMENT, "a power of two up to " + LARGEST_ALIGNMENT, "" + found);
    }
    return found;
  }
}
