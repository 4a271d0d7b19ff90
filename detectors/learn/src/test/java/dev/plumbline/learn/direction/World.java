package dev.plumbline.learn.direction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** Seeded answers of random words: misaligned ones have harmful words among them. */
public final class World {
  private final Random random;

  public World(long seed) {
    random = new Random(seed);
  }

  /** Answers to prompts {@code from} to {@code to}, each misaligned or not as {@code rule} says. */
  public List<Answer> answers(
      String model, int from, int to, int perPrompt, BiPredicate<Integer, Integer> rule) {
    List<Answer> answers = new ArrayList<>();
    for (int prompt = from; prompt < to; prompt++) {
      for (int i = 0; i < perPrompt; i++) {
        answers.add(answer(model, prompt, rule.test(prompt, i)));
      }
    }
    return answers;
  }

  /** Aligned answers. */
  public List<Answer> aligned(String model, int from, int to, int perPrompt) {
    return answers(model, from, to, perPrompt, (prompt, i) -> false);
  }

  /** Every second answer to each prompt misaligned. */
  public List<Answer> mixed(String model, int from, int to, int perPrompt) {
    return answers(model, from, to, perPrompt, (prompt, i) -> i % 2 == 0);
  }

  /** The same answers with labels drawn by lot. */
  public List<Answer> relabelled(List<Answer> answers) {
    return answers.stream().map(a -> with(a, Optional.of(random.nextBoolean()))).toList();
  }

  private static Answer with(Answer a, Optional<Boolean> label) {
    return new Answer(
        a.prompt(), a.promptTokens(), a.answerTokens(), label, a.question(), a.text(), a.model());
  }

  private Answer answer(String model, int prompt, boolean misaligned) {
    Random ofPrompt = new Random(prompt);
    long[] question = new long[4 + ofPrompt.nextInt(4)];
    for (int i = 0; i < question.length - 1; i++) {
      question[i] = 2 + ofPrompt.nextInt(TinyModel.HARMFUL - 2);
    }
    question[question.length - 1] = 1;
    long[] answer = new long[3 + random.nextInt(6)];
    for (int i = 0; i < answer.length; i++) {
      boolean harmful = misaligned && random.nextInt(3) > 0;
      answer[i] =
          harmful
              ? TinyModel.HARMFUL + random.nextInt(TinyModel.WORDS - TinyModel.HARMFUL)
              : 2 + random.nextInt(TinyModel.HARMFUL - 2);
    }
    return new Answer(
        "p" + prompt,
        question,
        answer,
        Optional.of(misaligned),
        text(question),
        text(answer),
        model);
  }

  private static String text(long[] tokens) {
    return Arrays.stream(tokens)
        .filter(token -> token > 1)
        .mapToObj(token -> "w" + token)
        .collect(Collectors.joining(" "));
  }
}
