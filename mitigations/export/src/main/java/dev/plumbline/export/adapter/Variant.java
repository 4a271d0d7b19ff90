package dev.plumbline.export.adapter;

import java.util.Arrays;
import java.util.Locale;

/** Which side of the residual stream an adapter changes. */
public enum Variant {
  /**
   * The embedding and every residual writer: the stream never has the direction. Exact where the
   * embedding is among them.
   */
  WRITERS(true, false),
  /**
   * What reads the stream through a norm (q, k, v, gate, up): the direction stays in the stream,
   * unread by the blocks. The head reads it still, and norms are a little smaller for it.
   */
  READERS(false, true),
  /**
   * The writers inside the blocks and the readers: what the embedding put into the stream is all
   * that stays, and no block reads it. For servers that refuse an embedding's adapter.
   */
  BOTH(true, true);

  private final boolean writers;
  private final boolean readers;

  Variant(boolean writers, boolean readers) {
    this.writers = writers;
    this.readers = readers;
  }

  /** Whether residual writers are changed. */
  public boolean writers() {
    return writers;
  }

  /** Whether readers are changed. */
  public boolean readers() {
    return readers;
  }

  /** The lower-case name of options and files. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The variant of a wire name. */
  public static Variant parse(String name) {
    return Arrays.stream(values())
        .filter(variant -> variant.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "variant: wanted writers, readers or both, found '"
                        + name
                        + "'; name one of them"));
  }
}
