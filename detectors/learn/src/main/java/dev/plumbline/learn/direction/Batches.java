package dev.plumbline.learn.direction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Answers of like length side by side, so that little is padded. Padding stands on the right, where
 * causal attention never sees it; the token is 0 and its state is never read.
 */
final class Batches {
  /**
   * Some answers as one batch.
   *
   * @param rows indices into the list of answers, {@code [B]}
   * @param skipped tokens that all rows begin with and that are not among {@code tokens}
   * @param tokens {@code [B,T]}, what follows those
   */
  record Batch(int[] rows, int skipped, long[][] tokens) {
    /** Where the state of an answer's first token stands among those of row {@code b}. */
    int at(int b, Answer answer) {
      return b * tokens[0].length + answer.start() - skipped;
    }
  }

  private Batches() {}

  /** All answers whole, in batches as below. */
  static List<Batch> of(List<Answer> answers, int room) {
    return of(answers, IntStream.range(0, answers.size()).toArray(), 0, room);
  }

  /**
   * Some answers without their first {@code skipped} tokens, in batches of at most {@code room}
   * tokens, padding counted, and one row or more.
   */
  static List<Batch> of(List<Answer> answers, int[] rows, int skipped, int room) {
    List<Integer> order =
        Arrays.stream(rows)
            .boxed()
            .sorted(Comparator.comparingInt(i -> size(answers.get(i))))
            .toList();
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= order.size(); to++) {
      boolean full =
          to == order.size()
              || (to + 1 - from) * (size(answers.get(order.get(to))) - skipped) > room;
      if (full) {
        batches.add(batch(answers, order.subList(from, to), skipped));
        from = to;
      }
    }
    return batches;
  }

  private static int size(Answer answer) {
    return answer.start() + answer.length();
  }

  private static Batch batch(List<Answer> answers, List<Integer> rows, int skipped) {
    int longest = size(answers.get(rows.get(rows.size() - 1))) - skipped;
    long[][] tokens = new long[rows.size()][longest];
    for (int row = 0; row < tokens.length; row++) {
      long[] own = answers.get(rows.get(row)).tokens();
      System.arraycopy(own, skipped, tokens[row], 0, own.length - skipped);
    }
    return new Batch(rows.stream().mapToInt(row -> row).toArray(), skipped, tokens);
  }
}
