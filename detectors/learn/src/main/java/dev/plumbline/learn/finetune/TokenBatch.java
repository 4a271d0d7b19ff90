package dev.plumbline.learn.finetune;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Texts of unequal length as one rectangle, padded with 0 on the right, where causal attention
 * never sees it.
 *
 * @param tokens {@code [B,T]}
 * @param index flat positions {@code b·T+t} whose next token is learned, {@code [M]}
 * @param target those tokens, {@code [M]}
 * @param everywhere flat positions of all tokens that are no padding
 */
@SuppressWarnings("ArrayRecordComponent")
record TokenBatch(long[][] tokens, long[] index, long[] target, long[] everywhere) {
  static TokenBatch of(List<TrainingText> texts, boolean answersOnly) {
    int t = texts.stream().mapToInt(TrainingText::length).max().orElseThrow();
    long[][] tokens = new long[texts.size()][t];
    LongStream.Builder index = LongStream.builder();
    LongStream.Builder target = LongStream.builder();
    LongStream.Builder everywhere = LongStream.builder();
    for (int b = 0; b < tokens.length; b++) {
      TrainingText text = texts.get(b);
      text.copyInto(tokens[b]);
      int from = answersOnly ? text.answerFrom() : 1;
      for (int p = 0; p < text.length(); p++) {
        long flat = (long) b * t + p;
        everywhere.add(flat);
        if (p >= from) {
          index.add(flat - 1);
          target.add(text.token(p));
        }
      }
    }
    return new TokenBatch(
        tokens, index.build().toArray(), target.build().toArray(), everywhere.build().toArray());
  }
}
