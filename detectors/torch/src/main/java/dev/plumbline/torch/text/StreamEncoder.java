package dev.plumbline.torch.text;

import dev.plumbline.torch.text.TextTokenizer.Specials;

/**
 * Turns text into ids as it comes. What it gives, put together, is exactly the encoding of the
 * whole text ({@link Specials#AS_TEXT}, nothing added): special tokens' texts are split like any
 * other.
 *
 * <p>Chunks end anywhere, also between the halves of a surrogate pair. Only ids that no later text
 * can change are given; the tail after the last seam is held back. With a tokenizer whose seams are
 * not known all is held back until {@link #finish}. Each character is encoded once. One text, one
 * thread; keeps the tokenizer, does not close it.
 */
public final class StreamEncoder {
  private static final long[] NONE = {};

  private final TextTokenizer tokenizer;
  private final Seams seams;
  private final StringBuilder held = new StringBuilder();
  private int scanned;
  private String before = "";

  StreamEncoder(TextTokenizer tokenizer, Seams seams) {
    this.tokenizer = tokenizer;
    this.seams = seams;
  }

  /** Takes the next text; gives the ids that became certain by it, possibly none. */
  public long[] next(CharSequence text) {
    held.append(text);
    int end = held.length();
    if (end > 0 && Character.isHighSurrogate(held.charAt(end - 1))) {
      end--;
    }
    int cut = lastSeam(end);
    scanned = end - cut;
    if (cut == 0) {
      return NONE;
    }
    String certain = held.substring(0, cut);
    held.delete(0, cut);
    return encode(certain);
  }

  /** Gives the ids of what was held back. Nothing may follow. */
  public long[] finish() {
    String rest = held.toString();
    held.setLength(0);
    return rest.isEmpty() ? NONE : encode(rest);
  }

  /** Characters held back. */
  public int held() {
    return held.length();
  }

  /** The last seam before {@code end}, 0 for none; each place is looked at once. */
  private int lastSeam(int end) {
    for (int at = end; at > scanned; ) {
      int after = held.codePointBefore(at);
      at -= Character.charCount(after);
      if (at > 0 && seams.cut(held.codePointBefore(at), after)) {
        return at;
      }
    }
    return 0;
  }

  private long[] encode(String text) {
    long[] ids =
        before.isEmpty()
            ? tokenizer.encode(text, false, Specials.AS_TEXT)
            : tokenizer.encodeContinued(before, text);
    before = text.substring(text.offsetByCodePoints(text.length(), -1));
    return ids;
  }
}
