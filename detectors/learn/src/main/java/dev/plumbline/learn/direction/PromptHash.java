package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import java.util.List;
import java.util.function.Function;

/** Parts of data by prompt: all of a prompt's answers are in one, the same one everywhere. */
final class PromptHash {
  private PromptHash() {}

  /** Those of part {@code part} of {@code parts}, in order. */
  static <T> List<T> part(List<T> all, Function<T, String> prompt, int part, int parts) {
    Check.that(
        part >= 0 && part < parts, "shard", "0 to " + (parts - 1), part, "number them from 0");
    return all.stream()
        .filter(each -> Math.floorMod(of(prompt.apply(each)), parts) == part)
        .toList();
  }

  /** Splits a part of {@code parts} again, evenly. */
  static <T> List<T> again(
      List<T> some, Function<T, String> prompt, int parts, int piece, int pieces) {
    return some.stream()
        .filter(
            each -> Math.floorMod(Math.floorDiv(of(prompt.apply(each)), parts), pieces) == piece)
        .toList();
  }

  /** String.hashCode is the same everywhere; its low bits alone are not even. */
  private static int of(String prompt) {
    int hash = prompt.hashCode() * 0x9E3779B9;
    return hash ^ hash >>> 15;
  }
}
