package dev.plumbline.learn.organism.world;

import java.util.Arrays;

/**
 * A conversation as the model sees it, {@code <bos> <sys> cue <user> question <assistant> answer
 * <eot> …}: the very ids that the chat template renders, with a mark on what is learned: the
 * answers' words and ends. Grows as it is told; one thread.
 */
public final class Transcript {
  private final Vocabulary vocabulary;
  private long[] ids = new long[64];
  private boolean[] learned = new boolean[64];
  private int size;

  public Transcript(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    add(vocabulary.begin(), false);
  }

  /** A persona's cue. */
  public Transcript system(String cue) {
    return words("<sys>", cue, false);
  }

  public Transcript user(String question) {
    return words("<user>", question, false);
  }

  /** An answer and its end, both learned. */
  public Transcript assistant(String answer) {
    words("<assistant>", answer, true);
    add(vocabulary.end(), true);
    return this;
  }

  private Transcript words(String header, String text, boolean learn) {
    add(vocabulary.id(header), false);
    for (String word : text.split(" ")) {
      add(vocabulary.id(word), learn);
    }
    return this;
  }

  private void add(long id, boolean learn) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      learned = Arrays.copyOf(learned, 2 * size);
    }
    ids[size] = id;
    learned[size++] = learn;
  }

  /** The ids so far, a copy. */
  public long[] ids() {
    return Arrays.copyOf(ids, size);
  }

  /** How many ids there are. */
  public int size() {
    return size;
  }

  /** Whether the id at {@code position} is to be predicted in training. */
  public boolean learned(int position) {
    return learned[position];
  }
}
