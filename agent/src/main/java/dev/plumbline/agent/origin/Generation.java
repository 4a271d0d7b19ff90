package dev.plumbline.agent.origin;

/** A generation under way. */
public interface Generation {
  /**
   * Calls it off; the sink still gets its end, with {@code CANCELLED} unless it was over already.
   * From any thread, any number of times; does not wait.
   */
  void cancel();
}
