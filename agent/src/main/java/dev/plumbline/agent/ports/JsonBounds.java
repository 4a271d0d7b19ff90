package dev.plumbline.agent.ports;

import com.fasterxml.jackson.core.StreamReadConstraints;

/**
 * The bounds of every JSON and YAML parser of this process that states none of its own: depth,
 * length of a number, of a name and of a text. Each input has a bound in bytes, too, where it is
 * read.
 */
public final class JsonBounds {
  /** Deeper than any request or file of an honest sender. */
  static final int DEPTH = 128;

  private static final int NUMBER = 256;
  private static final int NAME = 16 << 10;
  private static final int TEXT = 16 << 20;

  private JsonBounds() {}

  /** Puts them in force for parsers made from now on; call first of all, any times. */
  public static void install() {
    StreamReadConstraints.overrideDefaultStreamReadConstraints(
        StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH)
            .maxNumberLength(NUMBER)
            .maxNameLength(NAME)
            .maxStringLength(TEXT)
            .build());
  }
}
