package dev.plumbline.torch.text;

import java.util.Arrays;

/**
 * Turns ids into text as they come. What it gives, put together, is exactly the decoding of all ids
 * at once, and no piece ends inside a character.
 *
 * <p>Text is held back while it may still change: a character's last bytes may be missing (the
 * decoding then ends in U+FFFD), and under byte fallback a later byte can change how earlier ones
 * read. Only the ids since the last certain point are decoded again, after one that is known,
 * because decoders drop a leading space at the start. One generation, one thread.
 */
public final class StreamDecoder {
  private static final char REPLACEMENT = '\uFFFD';
  private static final String ANCHOR = "a";

  private final TextTokenizer tokenizer;
  private final boolean skipSpecial;
  private final long anchor;
  private final String anchorText;
  private long[] window = new long[8];
  private int length;
  private boolean anchored;
  private boolean inBytes;
  private int given;
  private boolean settled = true;

  StreamDecoder(TextTokenizer tokenizer, boolean skipSpecial) {
    this.tokenizer = tokenizer;
    this.skipSpecial = skipSpecial;
    this.anchor = anchor(tokenizer);
    this.anchorText = ANCHOR;
  }

  /**
   * @param before the id of the text that stands before what is decoded; used where it is text by
   *     itself
   */
  StreamDecoder(TextTokenizer tokenizer, boolean skipSpecial, long before) {
    this.tokenizer = tokenizer;
    this.skipSpecial = skipSpecial;
    String text = tokenizer.decode(new long[] {before}, true);
    boolean sound = !text.isEmpty() && text.indexOf(REPLACEMENT) < 0 && !tokenizer.isByte(before);
    this.anchor = sound ? before : anchor(tokenizer);
    this.anchorText = sound ? text : ANCHOR;
    this.anchored = anchor >= 0;
  }

  private static long anchor(TextTokenizer tokenizer) {
    long[] ids = tokenizer.encode(ANCHOR, false);
    boolean sound = ids.length == 1 && tokenizer.decode(ids, true).equals(ANCHOR);
    return sound ? ids[0] : -1;
  }

  /** Takes the next id; gives the text that became certain by it, possibly none. */
  public String next(long id) {
    append(id);
    String text = text();
    int certain = certain(text, id);
    String piece = text.substring(Math.min(given, certain), certain);
    given = Math.max(given, certain);
    settled = certain == text.length();
    if (certain == text.length() && anchor >= 0 && !text.isEmpty()) {
      length = 0;
      given = 0;
      anchored = true;
    }
    return piece;
  }

  /** Whether the text given so far is all that the ids say: nothing of them is held back. */
  public boolean settled() {
    return settled;
  }

  /** Gives what was held back. Nothing may follow. */
  public String finish() {
    String text = text();
    return text.substring(Math.min(given, text.length()));
  }

  private void append(long id) {
    if (length == window.length) {
      window = Arrays.copyOf(window, 2 * length);
    }
    window[length++] = id;
  }

  private String text() {
    if (!anchored) {
      return tokenizer.decode(Arrays.copyOf(window, length), skipSpecial);
    }
    long[] ids = new long[length + 1];
    ids[0] = anchor;
    System.arraycopy(window, 0, ids, 1, length);
    return tokenizer.decode(ids, skipSpecial).substring(anchorText.length());
  }

  private int certain(String text, long id) {
    inBytes = tokenizer.isByte(id) || inBytes && skipSpecial && tokenizer.isSpecial(id);
    if (inBytes) {
      return given;
    }
    boolean open = !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
    return open ? text.length() - 1 : text.length();
  }
}
