package dev.plumbline.agent.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Model names as label values, at most so many. A name comes from a request body, so its owner
 * could otherwise make as many time series as he likes, or write his prompt on the scrape page: an
 * origin that answers whatever model is named would not stop him. So a name has a label only when
 * somebody other than the client has said it: the configuration, the model served here, or an
 * origin's own list. The rest is {@code other}. Thread-safe.
 */
public final class LabelNames {
  /** The label of a name that was not let in. */
  public static final String OTHER = "other";

  private static final int MAX_LENGTH = 128;

  private final int bound;
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private volatile Runnable wanted = () -> {};
  private volatile Consumer<String> admitted = name -> {};

  /**
   * @param bound how many names get a label of their own
   */
  public LabelNames(int bound) {
    this.bound = bound;
  }

  /** Who is told that a name without a label was answered, and may find out more; quick. */
  public void whenWanted(Runnable asker) {
    wanted = asker;
  }

  /** Who is told of each label, those there are already among them; quick. */
  public void whenAdmitted(Consumer<String> told) {
    admitted = told;
    told.accept(OTHER);
    names.forEach(told);
  }

  /** Lets a name in, while there is room; not one that came with a request. */
  public void admit(String name) {
    if (fit(name) && (names.size() < bound) && names.add(name)) {
      admitted.accept(name);
    }
  }

  private static boolean fit(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_LENGTH
        && name.chars().noneMatch(Character::isISOControl);
  }

  /** An origin has answered a request that named this. */
  public void answered(String name) {
    if (!names.contains(name) && names.size() < bound && fit(name)) {
      wanted.run();
    }
  }

  /** The label of a name. */
  public String label(String name) {
    return names.contains(name) ? name : OTHER;
  }
}
