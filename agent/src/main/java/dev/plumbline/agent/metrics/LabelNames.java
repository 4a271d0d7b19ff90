package dev.plumbline.agent.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Model names as label values, at most so many. A name comes from a request body, so its owner
 * could otherwise make as many time series as he likes. Names are let in once an origin has
 * answered for them; the rest is {@code other}. Thread-safe.
 */
public final class LabelNames {
  /** The label of a name that was not let in. */
  public static final String OTHER = "other";

  private static final int MAX_LENGTH = 128;

  private final int bound;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /**
   * @param bound how many names get a label of their own
   */
  public LabelNames(int bound) {
    this.bound = bound;
  }

  /** Lets a name in, while there is room. */
  public void admit(String name) {
    if (!name.isEmpty() && name.length() <= MAX_LENGTH && names.size() < bound) {
      names.add(name);
    }
  }

  /** The label of a name. */
  public String label(String name) {
    return names.contains(name) ? name : OTHER;
  }
}
