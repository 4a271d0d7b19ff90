package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a member makes of a shard, as it travels: a byte that says which, then the contents. */
sealed interface Reply {
  /** The coordinator has taken the result: what stays in its place until the wave ends. */
  record Taken() implements Reply {}

  /** This member has another model. */
  record Misfit(String how) implements Reply {}

  /** The work cannot be done, and would not be elsewhere. */
  record Refused(String why) implements Reply {}

  /**
   * The result.
   *
   * @param statistics not copied
   */
  record Done(byte[] statistics) implements Reply {}

  int LONGEST_WHY = 4096;

  /** Its bytes. */
  default byte[] bytes() {
    if (this instanceof Done done) {
      return tagged(1, done.statistics);
    }
    if (this instanceof Refused refused) {
      return tagged(2, refused.why.getBytes(StandardCharsets.UTF_8));
    }
    if (this instanceof Misfit misfit) {
      return tagged(3, misfit.how.getBytes(StandardCharsets.UTF_8));
    }
    return tagged(0, new byte[0]);
  }

  private static byte[] tagged(int tag, byte[] contents) {
    byte[] all = new byte[contents.length + 1];
    all[0] = (byte) tag;
    System.arraycopy(contents, 0, all, 1, contents.length);
    return all;
  }

  /** Reads them; control characters of a reason become spaces. */
  static Reply of(byte[] bytes) {
    Check.that(
        bytes.length > 0 && bytes[0] >= 0 && bytes[0] <= 3,
        "reply of a member",
        "one of four kinds",
        bytes.length + " bytes of another",
        "update the members to this version");
    byte[] contents = Arrays.copyOfRange(bytes, 1, bytes.length);
    return switch (bytes[0]) {
      case 1 -> new Done(contents);
      case 2 -> new Refused(line(new String(contents, StandardCharsets.UTF_8)));
      case 3 -> new Misfit(line(new String(contents, StandardCharsets.UTF_8)));
      default -> new Taken();
    };
  }

  private static String line(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= LONGEST_WHY ? line : line.substring(0, LONGEST_WHY) + "…";
  }
}
