package dev.plumbline.torch.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Seams of models that merge over the whole text: two characters that stand side by side in no
 * token are never merged, nor is anything across them.
 *
 * @param inside pairs of code points that stand side by side in some token
 * @param alone code points that are tokens
 * @param spelled whether the others are spelled in bytes; else a run of them becomes one token
 */
record PairSeams(Set<Long> inside, Set<Integer> alone, boolean spelled) implements Seams {
  /** How these models write a space. */
  static final String SPACE = "\u2581";

  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");
  private static final int BYTES = 256;

  static Seams of(JsonNode model) {
    Set<Long> inside = new HashSet<>();
    Set<Integer> alone = new HashSet<>();
    int bytes = 0;
    for (var entry : model.path("vocab").properties()) {
      String token = entry.getKey();
      boolean spelled = BYTE.matcher(token).matches();
      if (!spelled && BYTE.matcher(token).find()) {
        return NONE;
      }
      bytes += spelled ? 1 : 0;
      add(token, inside, alone);
    }
    boolean fallback = model.path("byte_fallback").asBoolean(false) && bytes == BYTES;
    return new PairSeams(inside, alone, fallback);
  }

  private static void add(String token, Set<Long> inside, Set<Integer> alone) {
    int[] points = token.codePoints().toArray();
    if (points.length == 1) {
      alone.add(points[0]);
    }
    for (int i = 1; i < points.length; i++) {
      inside.add(pair(points[i - 1], points[i]));
    }
  }

  static long pair(int before, int after) {
    return (long) before << 32 | after;
  }

  private static int written(int point) {
    return point == ' ' ? SPACE.codePointAt(0) : point;
  }

  private boolean known(int point) {
    return Character.getType(point) != Character.SURROGATE && (spelled || alone.contains(point));
  }

  @Override
  public boolean cut(int before, int after) {
    int left = written(before);
    int right = written(after);
    return known(left) && known(right) && !inside.contains(pair(left, right));
  }
}
