package dev.plumbline.learn.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.Check;
import dev.plumbline.core.stats.GroupFolds;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.statistics.Estimation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What both sides work on, in files that both read: answers as token ids, synthetic states, and the
 * facts of the task (labels, folds, λ). Tokens, not texts: both sides would have them cut by the
 * same library.
 *
 * @param folder whose files these are
 * @param answers real ones, labelled, outcomes by turns
 * @param synthetic how many of the made ones
 * @param width D of those
 * @param probe answers at most that the probe is fitted on
 * @param seed of states and folds
 */
record BenchData(
    Path folder, List<Answer> answers, int synthetic, int width, int probe, long seed) {
  /** Tokens of a synthetic answer. */
  static final int TOKENS = 4;

  /** Synthetic answers that are read at a time. */
  static final int BLOCK = 256;

  static final double RIDGE = Estimation.RIDGE;
  static final double[] RIDGES = {1, 1e-1, 1e-2, 1e-3};
  private static final int FOLDS = 5;

  BenchData {
    answers = List.copyOf(answers);
    int least = Math.min(answers.isEmpty() ? 40 : answers.size(), synthetic == 0 ? 40 : synthetic);
    Check.that(least >= 40, "answers of the bench", "0, or 40 or more", least, "raise them");
    Check.that(
        !answers.isEmpty() || synthetic > 0, "answers of the bench", "some", "none", "give some");
    Check.that(width > 0, "width", "1 or more", width, "raise it");
    Check.that(probe >= 8, "answers of the probe", "8 or more", probe, "raise it");
  }

  /** A quarter, half and all of the answers: N, 2N and 4N. */
  static int[] sizes(int all) {
    return new int[] {all / 4, all / 2, all};
  }

  int count(Side.Part part) {
    return part == Side.Part.ANSWERS ? answers.size() : synthetic;
  }

  boolean label(Side.Part part, int answer) {
    return part == Side.Part.ANSWERS ? answers.get(answer).label() : answer % 2 == 1;
  }

  /** How many of the first n answers the probe is fitted on. */
  int probed(int n) {
    return Math.min(n, probe);
  }

  boolean[] labels(Side.Part part, int n) {
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      labels[i] = label(part, i);
    }
    return labels;
  }

  /** Folds of the probe's rows among the first n answers; a synthetic prompt has ten answers. */
  int[] folds(Side.Part part, int n) {
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < probed(n); i++) {
      prompts.add(part == Side.Part.ANSWERS ? answers.get(i).prompt() : "p" + i / 10);
    }
    int most = (int) Math.min(FOLDS, prompts.stream().distinct().count());
    return GroupFolds.assign(prompts, most, seed);
  }

  /**
   * Writes what Python reads about a part.
   *
   * @param own facts of the part alone
   */
  void write(Side.Part part, Map<String, ?> own) {
    Map<String, Object> facts = new LinkedHashMap<>(own);
    facts.put("ridge", RIDGE);
    facts.put("ridges", RIDGES);
    facts.put("probe", probe);
    facts.put("labels", labels(part, count(part)));
    Map<String, int[]> folds = new TreeMap<>();
    for (int n : sizes(count(part))) {
      folds.put(String.valueOf(n), folds(part, n));
    }
    facts.put("folds", folds);
    try {
      if (part == Side.Part.ANSWERS) {
        tokens(facts);
      }
      String name = part.name().toLowerCase(Locale.ROOT) + ".json";
      new ObjectMapper().writeValue(folder.resolve(name).toFile(), facts);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the bench's data to " + folder, e);
    }
  }

  private void tokens(Map<String, Object> facts) throws IOException {
    int total = answers.stream().mapToInt(answer -> answer.start() + answer.length()).sum();
    ByteBuffer bytes = ByteBuffer.allocate(4 * total).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> ends = new ArrayList<>();
    for (Answer answer : answers) {
      for (long token : answer.tokens()) {
        bytes.putInt((int) token);
      }
      ends.add(bytes.position() / 4);
    }
    facts.put("ends", ends);
    facts.put("starts", answers.stream().map(Answer::start).toList());
    Files.write(folder.resolve("tokens.i32"), bytes.array());
  }

  Path states() {
    return folder.resolve("states.f32");
  }
}
