package dev.plumbline.learn.direction;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Answers whose prompts begin alike, so that what they share is read once and its keys and values
 * serve them all. Causal attention makes their states the same as if each were read whole.
 *
 * @param tokens what is shared {@code [P]}; empty where that is not worth a pass of its own
 * @param rows indices of the answers
 */
record SharedPrompt(long[] tokens, int[] rows) {
  /** A pass over fewer tokens takes no less time: it reads all weights. */
  private static final int LEAST_PASS = 32;

  /**
   * All answers, by whole prompt or by what all prompts begin with, whichever is less to read:
   * sampled answers are many to a prompt, traffic is one to a prompt after one system prompt.
   */
  static List<SharedPrompt> of(List<Answer> answers) {
    Map<LongBuffer, List<Integer>> prompts = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      LongBuffer prompt = LongBuffer.wrap(answers.get(i).promptTokens());
      prompts.computeIfAbsent(prompt, key -> new ArrayList<>()).add(i);
    }
    List<SharedPrompt> byPrompt = new ArrayList<>();
    prompts.forEach(
        (prompt, rows) ->
            byPrompt.add(
                new SharedPrompt(
                    rows.size() > 1 ? prompt.array() : new long[0],
                    rows.stream().mapToInt(row -> row).toArray())));
    long[] common = common(prompts.keySet());
    int[] all = IntStream.range(0, answers.size()).toArray();
    SharedPrompt together =
        new SharedPrompt(common.length < LEAST_PASS / 2 ? new long[0] : common, all);
    long cost = byPrompt.stream().mapToLong(each -> each.cost(answers)).sum();
    return cost < together.cost(answers) ? byPrompt : List.of(together);
  }

  private static long[] common(Collection<LongBuffer> prompts) {
    LongBuffer first = prompts.iterator().next();
    int shared = first.limit();
    for (LongBuffer prompt : prompts) {
      int differs = first.mismatch(prompt);
      shared = Math.min(shared, differs < 0 ? shared : differs);
    }
    return Arrays.copyOf(first.array(), shared);
  }

  /** Tokens to be read, a pass counting as {@link #LEAST_PASS} at least. */
  private long cost(List<Answer> answers) {
    long rest = 0;
    for (int row : rows) {
      rest += answers.get(row).start() + answers.get(row).length() - tokens.length;
    }
    return Math.max(LEAST_PASS, rest)
        + (tokens.length == 0 ? 0 : Math.max(LEAST_PASS, tokens.length));
  }
}
