package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.io.DataInput;
import java.io.IOException;
import java.util.Objects;

/** What goes into moments from outside, checked. */
final class MomentValues {

  private MomentValues() {}

  /** Refuses rows that are not all inside an array. */
  static void requireRows(float[] values, int from, int rows, int size) {
    Objects.checkFromIndexSize(from, Math.multiplyExact(rows, size), values.length);
  }

  /** A count from a file. */
  static long count(DataInput in) throws IOException {
    long count = in.readLong();
    Check.that(count >= 0, "count of statistics", "0 or more", count, "write the file again");
    return count;
  }

  /** A value from a file. */
  static double finite(DataInput in) throws IOException {
    return Check.finite(in.readDouble(), "value of statistics");
  }
}
