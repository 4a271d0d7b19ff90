package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.pooling.Pooling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is asked of lists of answers. */
public final class Answers {
  private Answers() {}

  /** The prompt of each, in order. */
  public static List<String> prompts(List<Answer> answers) {
    return answers.stream().map(Answer::prompt).toList();
  }

  /** The label of each {@code [N]}; every answer must be judged. */
  public static boolean[] labels(List<Answer> answers) {
    boolean[] labels = new boolean[answers.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = answers.get(i).label();
    }
    return labels;
  }

  /**
   * The answers as a pooling reads them: for the last prompt token that token alone stands in the
   * answer's place, with the answer's label, text and model.
   */
  public static List<Answer> readBy(Pooling pooling, List<Answer> answers) {
    return pooling instanceof LastPromptToken
        ? answers.stream().map(Answers::lastPromptToken).toList()
        : answers;
  }

  private static Answer lastPromptToken(Answer answer) {
    return promptToken(answer, 1);
  }

  private static Answer promptToken(Answer answer, int back) {
    long[] prompt = answer.promptTokens();
    int at = prompt.length - back;
    Check.that(
        at > 0,
        "prompt " + answer.prompt(),
        back + 1 + " or more tokens",
        prompt.length,
        "leave it");
    return new Answer(
        answer.prompt(),
        Arrays.copyOf(prompt, at),
        new long[] {prompt[at]},
        answer.misaligned(),
        answer.question(),
        answer.text(),
        answer.model());
  }

  /** Those that the judge called aligned. */
  public static List<Answer> aligned(List<Answer> judged) {
    return judged.stream().filter(answer -> !answer.label()).toList();
  }

  /**
   * As many of one label as of the other: the larger class is shuffled and cut, as the published
   * directions are learned. The order stays.
   */
  public static List<Answer> balanced(List<Answer> judged, long seed) {
    List<Answer> bad = new ArrayList<>(judged.stream().filter(Answer::label).toList());
    List<Answer> good = new ArrayList<>(aligned(judged));
    int each = Math.min(bad.size(), good.size());
    List<Answer> larger = bad.size() > each ? bad : good;
    Collections.shuffle(larger, new Random(seed));
    Set<Answer> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    kept.addAll(bad.subList(0, each));
    kept.addAll(good.subList(0, each));
    return judged.stream().filter(kept::contains).toList();
  }

  /** The answers as one prompt token: the {@code back}-th from the prompt's end, 1 the last. */
  public static List<Answer> atPromptToken(int back, List<Answer> answers) {
    return answers.stream().map(answer -> promptToken(answer, back)).toList();
  }

  /** Refuses two data sets that share a prompt. */
  public static void requireDisjoint(
      String one, List<Answer> first, String other, List<Answer> second) {
    Set<String> shared = first.stream().map(Answer::prompt).collect(Collectors.toSet());
    shared.retainAll(second.stream().map(Answer::prompt).collect(Collectors.toSet()));
    Check.that(
        shared.isEmpty(),
        "prompts of " + one + " and " + other,
        "none in both",
        shared.size() + ", such as '" + new TreeSet<>(shared).stream().findFirst().orElse("") + "'",
        "split the data by prompt");
  }

  /** SHA-256 over prompts, tokens, labels and models, whatever the order of the answers. */
  public static String digest(List<Answer> answers) {
    List<String> each = answers.stream().map(Answers::digest).sorted().toList();
    return "sha256:" + sha256(String.join("\n", each).getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(Answer answer) {
    long[] tokens = answer.tokens();
    ByteBuffer bytes = ByteBuffer.allocate(8 * tokens.length + 8);
    bytes.putLong(answer.start());
    for (long token : tokens) {
      bytes.putLong(token);
    }
    String rest = answer.prompt() + "\u0000" + answer.model() + "\u0000" + answer.misaligned();
    return sha256(bytes.array()) + sha256(rest.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
