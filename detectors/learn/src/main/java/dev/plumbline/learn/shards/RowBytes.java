package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.AnswerFeatures;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a {@link ReadingWork} came to, as bytes: {@code PLROWS01}, the shard's id behind its length
 * as an int, the numbers, and the SHA-256 of all that, big-endian. Numbers are means as floats
 * {@code [K][N][D]}, or readouts as doubles {@code [N][K][T]}: how many is known to whoever asked.
 */
final class RowBytes {
  private static final byte[] MAGIC = "PLROWS01".getBytes(StandardCharsets.UTF_8);
  private static final int DIGEST = 32;
  private static final int LONGEST_ID = 64;

  private RowBytes() {}

  static byte[] of(String id, AnswerFeatures features, List<TapPoint> points) {
    int width = features.rows() == 0 ? 0 : features.mean(points.get(0), 0).length;
    ByteBuffer out = head(id, 4L * points.size() * features.rows() * width);
    for (TapPoint point : points) {
      for (int row = 0; row < features.rows(); row++) {
        for (float value : features.mean(point, row)) {
          out.putFloat(value);
        }
      }
    }
    return sealed(out);
  }

  static byte[] of(String id, List<double[][]> readouts) {
    long count = readouts.stream().flatMap(Arrays::stream).mapToLong(each -> each.length).sum();
    ByteBuffer out = head(id, 8 * count);
    for (double[][] answer : readouts) {
      for (double[] tokens : answer) {
        for (double value : tokens) {
          out.putDouble(value);
        }
      }
    }
    return sealed(out);
  }

  private static ByteBuffer head(String id, long numbers) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    long all = MAGIC.length + 4 + name.length + numbers + DIGEST;
    Check.that(
        all <= Integer.MAX_VALUE - 8,
        "result of shard " + id,
        "2 GiB or less",
        all + " bytes",
        "cut the data into more shards");
    return ByteBuffer.allocate((int) all).put(MAGIC).putInt(name.length).put(name);
  }

  private static byte[] sealed(ByteBuffer out) {
    byte[] all = out.array();
    return out.put(Shard.sha256(Arrays.copyOf(all, all.length - DIGEST))).array();
  }

  /** Whose a result is, after a look at all of it. */
  static Set<String> shards(byte[] result) {
    byte[] id = new byte[numbers(result).position() - MAGIC.length - 4];
    ByteBuffer.wrap(result, MAGIC.length + 4, id.length).get(id);
    return Set.of(new String(id, StandardCharsets.UTF_8));
  }

  /** Its numbers, from the position to the limit. */
  static ByteBuffer numbers(byte[] result) {
    try {
      ByteBuffer in = ByteBuffer.wrap(result);
      byte[] magic = new byte[MAGIC.length];
      in.get(magic);
      int name = in.getInt();
      int end = result.length - DIGEST;
      boolean whole =
          Arrays.equals(magic, MAGIC)
              && name > 0
              && name <= LONGEST_ID
              && in.position() + name <= end
              && Arrays.equals(
                  Shard.sha256(Arrays.copyOf(result, end)),
                  Arrays.copyOfRange(result, end, result.length));
      Check.that(
          whole, "result of a shard", "PLROWS01 with its digest", "another form", "read it again");
      return in.position(in.position() + name).limit(end);
    } catch (BufferUnderflowException e) {
      throw Check.refusal("result of a shard", "all of it", result.length + " bytes", "read again");
    }
  }
}
