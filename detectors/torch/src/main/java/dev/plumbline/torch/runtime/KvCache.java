package dev.plumbline.torch.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.torch.program.ScriptModule;

/**
 * Keys and values of B rows, {@code [L,2,B,Hkv,C,Dh]} in the model's precision, C columns of which
 * {@link #used} are filled. Rows share columns: a shorter row begins with {@code pad} columns of
 * padding, so all rows end at the same column.
 *
 * <p>Memory: 2·L·Hkv·Dh·C values a row; C grows by doubling. One thread at a time; closed by its
 * owner.
 */
public final class KvCache implements AutoCloseable {
  private static final int FIRST_COLUMNS = 64;

  private final ScriptModule module;
  private final Native natives;
  private final PtNDManager parent;
  private final PtNDManager manager;
  private final long[] rowShape;
  private final Precision precision;
  private PtNDArray tensor;
  private IValue value;
  private int used;
  private long[] pad;

  KvCache(
      PtNDManager parent,
      ScriptModule module,
      Native natives,
      Precision precision,
      long[] rowShape,
      long[] pad,
      int columns) {
    this(parent, module, natives, precision, rowShape, pad);
    try {
      replace(
          natives.zeros(
              manager,
              precision,
              rowShape[0],
              2,
              pad.length,
              rowShape[1],
              roomFor(columns),
              rowShape[2]));
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** Without a tensor yet. */
  private KvCache(
      PtNDManager parent,
      ScriptModule module,
      Native natives,
      Precision precision,
      long[] rowShape,
      long[] pad) {
    this.parent = parent;
    this.manager = (PtNDManager) parent.newSubManager();
    this.module = module;
    this.natives = natives;
    this.precision = precision;
    this.rowShape = rowShape.clone();
    this.pad = pad.clone();
  }

  private static int roomFor(int columns) {
    return Math.max(FIRST_COLUMNS, Integer.highestOneBit(Math.max(1, columns - 1)) << 1);
  }

  private void replace(PtNDArray next) {
    if (tensor != null) {
      value.close();
      tensor.close();
    }
    tensor = next;
    value = IValue.from(next);
  }

  /** Columns filled so far, padding included. */
  public int used() {
    return used;
  }

  /** B. */
  public int rows() {
    return pad.length;
  }

  /** Columns of padding before each row's first token, copied. */
  public long[] pad() {
    return pad.clone();
  }

  boolean padded() {
    for (long p : pad) {
      if (p != 0) {
        return true;
      }
    }
    return false;
  }

  int columns() {
    return (int) tensor.getShape().get(4);
  }

  IValue value() {
    return value;
  }

  /** Makes room for more columns before a pass writes them. */
  void reserve(int more) {
    if (used + more > columns()) {
      keep(identity(rows()), 0, roomFor(used + more));
    }
  }

  void advance(int columns) {
    used += columns;
  }

  /** Keeps some rows, in the order given, and drops columns that only pad. */
  public void keep(int[] rows) {
    long[] kept = new long[rows.length];
    long least = Long.MAX_VALUE;
    for (int i = 0; i < rows.length; i++) {
      kept[i] = pad[rows[i]];
      least = Math.min(least, kept[i]);
    }
    long[] index = java.util.Arrays.stream(rows).asLongStream().toArray();
    keep(index, (int) least, roomFor(used - (int) least + 1));
    for (int i = 0; i < kept.length; i++) {
      kept[i] -= least;
    }
    pad = kept;
    used -= (int) least;
  }

  private void keep(long[] rows, int drop, int capacity) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue index = IValue.from(natives.longs(scratch, rows, rows.length));
        IValue dropped = IValue.from((long) drop);
        IValue filled = IValue.from((long) used);
        IValue room = IValue.from((long) capacity);
        IValue result = module.call("keep", value, index, dropped, filled, room)) {
      replace(result.toTensor(manager));
    }
  }

  /** Appends the rows of another cache, right edges aligned; the other one is closed. */
  public void join(KvCache other) {
    int end = Math.max(used, other.used);
    try (other;
        IValue mine = IValue.from((long) used);
        IValue theirs = IValue.from((long) other.used);
        IValue room = IValue.from((long) roomFor(end + 1));
        IValue result = module.call("join", value, mine, other.value, theirs, room)) {
      replace(result.toTensor(manager));
    }
    long[] joined = new long[pad.length + other.pad.length];
    for (int i = 0; i < joined.length; i++) {
      joined[i] =
          i < pad.length ? pad[i] + end - used : other.pad[i - pad.length] + end - other.used;
    }
    pad = joined;
    used = end;
  }

  /**
   * The first {@code columns} of this cache as one of their own, with room for {@code room}; closed
   * by the caller. One row without padding only.
   */
  public KvCache fork(int columns, int room) {
    return repeated(1, columns, room);
  }

  /**
   * The first {@code columns} of this cache as the beginning of many rows, with room for {@code
   * room}; a copy, closed by the caller. One row without padding only.
   */
  public KvCache repeated(int rows, int columns, int room) {
    requireOneRow("fork");
    requireFilled(columns);
    KvCache copy = new KvCache(parent, module, natives, precision, rowShape, new long[rows]);
    try (PtNDManager scratch = (PtNDManager) copy.manager.newSubManager();
        IValue index = IValue.from(natives.longs(scratch, new long[rows], rows));
        IValue dropped = IValue.from(0L);
        IValue filled = IValue.from((long) columns);
        IValue capacity = IValue.from((long) roomFor(Math.max(columns, room)));
        IValue result = module.call("keep", value, index, dropped, filled, capacity)) {
      copy.replace(result.toTensor(copy.manager));
      copy.used = columns;
      return copy;
    } catch (RuntimeException | Error e) {
      copy.manager.close();
      throw e;
    }
  }

  /** Forgets all columns from {@code columns} on; the memory stays. */
  public void truncate(int columns) {
    requireFilled(columns);
    used = columns;
  }

  /** What a cache like this one, of one row, holds in bytes with room for {@code columns}. */
  public static long bytesWithRoom(Decoder decoder, int columns) {
    var shape = decoder.shape();
    return 2L
        * shape.layers()
        * shape.kvHeads()
        * shape.headDim()
        * decoder.precision().bytes()
        * roomFor(columns);
  }

  /**
   * One cache of many rows: the first {@code kept[i]} columns of each, right edges aligned, with
   * room for {@code more}. A copy; closed by the caller, and {@link #scatter} brings back what a
   * pass wrote.
   *
   * @param pad columns before each row's first token, {@code >= max(kept) − kept[i]}; more where a
   *     row's new tokens begin later than the others'
   */
  public static KvCache gather(java.util.List<KvCache> rows, int[] kept, long[] pad, int more) {
    KvCache one = rows.get(0);
    int start = java.util.Arrays.stream(kept).max().orElseThrow();
    KvCache joint =
        new KvCache(one.parent, one.module, one.natives, one.precision, one.rowShape, pad);
    try (IValue sources = listed(rows);
        IValue filled = IValue.listFrom(widened(kept));
        IValue end = IValue.from((long) start);
        IValue capacity = IValue.from((long) (start + more));
        IValue result = one.module.call("gather", sources, filled, end, capacity)) {
      joint.replace(result.toTensor(joint.manager));
      joint.used = start;
      return joint;
    } catch (RuntimeException | Error e) {
      joint.manager.close();
      throw e;
    }
  }

  /** Appends each row's last {@code fresh[i]} columns to the cache it was gathered from. */
  public void scatter(java.util.List<KvCache> rows, int[] fresh) {
    long[] at = new long[fresh.length];
    for (int i = 0; i < fresh.length; i++) {
      rows.get(i).reserve(fresh[i]);
      at[i] = rows.get(i).used;
    }
    try (IValue targets = listed(rows);
        IValue where = IValue.listFrom(at);
        IValue counts = IValue.listFrom(widened(fresh));
        IValue end = IValue.from((long) used)) {
      module.call("scatter", value, targets, where, counts, end).close();
    }
    for (int i = 0; i < fresh.length; i++) {
      rows.get(i).advance(fresh[i]);
    }
  }

  private static IValue listed(java.util.List<KvCache> rows) {
    rows.forEach(row -> row.requireOneRow("gather"));
    return IValue.listFrom(rows.stream().map(row -> row.tensor).toArray(PtNDArray[]::new));
  }

  private static long[] widened(int[] values) {
    return java.util.Arrays.stream(values).asLongStream().toArray();
  }

  private void requireOneRow(String what) {
    if (rows() != 1 || padded()) {
      throw new IllegalStateException(
          what
              + ": wanted a cache of one row without padding, found "
              + rows()
              + " rows padded by "
              + java.util.Arrays.toString(pad)
              + "; keep exchanges in caches of their own");
    }
  }

  private void requireFilled(int columns) {
    if (columns < 0 || columns > used) {
      throw new IllegalArgumentException(
          "columns: wanted 0 to " + used + ", found " + columns + "; ask for filled ones");
    }
  }

  private static long[] identity(int n) {
    return java.util.stream.LongStream.range(0, n).toArray();
  }

  /** Bytes held on the device. */
  public long bytes() {
    return rowShape[0] * 2 * rows() * rowShape[1] * columns() * rowShape[2] * precision.bytes();
  }

  @Override
  public void close() {
    value.close();
    manager.close();
  }
}
