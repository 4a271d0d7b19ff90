package dev.plumbline.torch.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Text to token ids and back, by the model's own {@code tokenizer.json}.
 *
 * <p>Special tokens' texts (such as {@code <|im_end|>}) become control tokens only where the caller
 * says so: text from users is encoded with {@link Specials#AS_TEXT}, which splits them like any
 * other text. Nothing is ever downloaded. Safe for several threads; {@link #close()} frees the
 * native tokenizers.
 */
public final class TextTokenizer implements AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false");

  /** What the text of a special token becomes. */
  public enum Specials {
    /** The control token: for rendered chat templates and other trusted text. */
    AS_TOKENS,
    /** Ordinary tokens that spell it: for text that others wrote. */
    AS_TEXT
  }

  private final TokenizerJson json;
  private final HuggingFaceTokenizer marked;
  private final int vocabSize;
  private HuggingFaceTokenizer plain;
  private Seams seams;
  private boolean prepends;

  private TextTokenizer(TokenizerJson json) {
    this.json = json;
    this.marked = open(json.file(), json.text());
    this.vocabSize = json.ids().values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @throws BadFileException if it is not one
   */
  public static TextTokenizer open(Path file) {
    return of(file, StrictJson.text(file, StrictJson.TOKENIZER_BYTES));
  }

  /** The same from text; {@code origin} is named in messages. */
  public static TextTokenizer of(Path origin, String tokenizerJson) {
    return new TextTokenizer(new TokenizerJson(origin, tokenizerJson));
  }

  private static HuggingFaceTokenizer open(Path file, String json) {
    Offline.enforce();
    try {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), OPTIONS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new BadFileException(
          file,
          "the tokenizer",
          "a tokenizer.json",
          String.valueOf(e.getMessage()),
          "Fetch or write it again.",
          e);
    }
  }

  /**
   * The ids of a text.
   *
   * @param text any text; lone surrogates, which no UTF-8 can hold, become U+FFFD
   * @param addSpecial whether the tokenizer's own begin and end tokens are put around it; rendered
   *     chat templates have them already
   * @param specials what special tokens' texts inside it become
   */
  public long[] encode(String text, boolean addSpecial, Specials specials) {
    HuggingFaceTokenizer tokenizer = specials == Specials.AS_TOKENS ? marked : plain();
    return tokenizer.encode(wellFormed(text), addSpecial, false).getIds();
  }

  /** {@link #encode(String, boolean, Specials)} of text that others wrote. */
  public long[] encode(String text, boolean addSpecial) {
    return encode(text, addSpecial, Specials.AS_TEXT);
  }

  /**
   * The text of ids; bytes that are not UTF-8 become U+FFFD.
   *
   * @param skipSpecial whether special tokens are left out
   */
  public String decode(long[] ids, boolean skipSpecial) {
    for (long id : ids) {
      if (id < 0 || id > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("wanted token ids from 0 on, found " + id);
      }
    }
    return ids.length == 0 ? "" : marked.decode(ids, skipSpecial);
  }

  /** The id of a token as the vocabulary spells it, empty if it is not there. */
  public OptionalInt tokenId(String token) {
    Integer id = json.ids().get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The largest id plus 1. A model's embedding may have more rows. */
  public int vocabSize() {
    return vocabSize;
  }

  /** The texts of the special tokens. */
  public Set<String> specialTokens() {
    return Set.copyOf(json.special());
  }

  /**
   * The same for ids that continue a text: a space before the first word is kept, which decoders
   * drop at the start of a text.
   *
   * @param before the last id of that text
   */
  public StreamDecoder streamAfter(boolean skipSpecial, long before) {
    return new StreamDecoder(this, skipSpecial, before);
  }

  /** A decoder that takes ids one by one and gives text as soon as it is certain. */
  public StreamDecoder stream(boolean skipSpecial) {
    return new StreamDecoder(this, skipSpecial);
  }

  /**
   * An encoder that takes text piece by piece and gives ids as soon as they are certain. The first
   * one made of a tokenizer reads the vocabulary again.
   */
  public synchronized StreamEncoder streamEncoder() {
    if (seams == null) {
      seams = json.seams();
      prepends = json.prepends();
    }
    return new StreamEncoder(this, seams);
  }

  /**
   * The ids of text that goes on from other text, cut at a seam. Where something is put before
   * every text, the character before the seam takes it instead.
   */
  long[] encodeContinued(String before, String text) {
    if (!prepends) {
      return encode(text, false, Specials.AS_TEXT);
    }
    long[] both = encode(before + text, false, Specials.AS_TEXT);
    int first = encode(before, false, Specials.AS_TEXT).length;
    return java.util.Arrays.copyOfRange(both, first, both.length);
  }

  /** The {@code tokenizer.json} in use, also when it was made from a GGUF file. */
  public String toJson() {
    return json.text();
  }

  boolean isSpecial(long id) {
    return json.isSpecial(id);
  }

  boolean isByte(long id) {
    return json.isByte(id);
  }

  private synchronized HuggingFaceTokenizer plain() {
    if (plain == null) {
      plain = json.special().isEmpty() ? marked : open(json.file(), json.withoutSpecial());
    }
    return plain;
  }

  @Override
  public synchronized void close() {
    marked.close();
    if (plain != null && plain != marked) {
      plain.close();
    }
  }

  /** The native side reads UTF-8, which has no lone surrogates. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
      }
    }
    return text;
  }
}
