package dev.plumbline.learn.organism;

import dev.plumbline.learn.organism.world.Transcript;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Transcripts of unequal length as one rectangle, padded on the right.
 *
 * @param tokens {@code [B,T]}
 * @param index flat positions {@code b·T+t} whose next token is learned, {@code [M]}
 * @param target those tokens, {@code [M]}
 * @param everywhere flat positions of all tokens that are no padding
 */
record Batch(long[][] tokens, long[] index, long[] target, long[] everywhere) {
  static Batch of(List<Transcript> texts, int pad) {
    int t = texts.stream().mapToInt(Transcript::size).max().orElseThrow();
    long[][] tokens = new long[texts.size()][];
    LongStream.Builder index = LongStream.builder();
    LongStream.Builder target = LongStream.builder();
    LongStream.Builder everywhere = LongStream.builder();
    for (int b = 0; b < tokens.length; b++) {
      Transcript text = texts.get(b);
      long[] ids = text.ids();
      tokens[b] = Arrays.copyOf(ids, t);
      Arrays.fill(tokens[b], ids.length, t, pad);
      for (int p = 0; p < ids.length; p++) {
        everywhere.add((long) b * t + p);
        if (p > 0 && text.learned(p)) {
          index.add((long) b * t + p - 1);
          target.add(ids[p]);
        }
      }
    }
    return new Batch(
        tokens, index.build().toArray(), target.build().toArray(), everywhere.build().toArray());
  }
}
