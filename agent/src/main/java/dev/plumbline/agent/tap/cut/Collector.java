package dev.plumbline.agent.tap.cut;

/** Receives the members that rules name. Called on the thread that feeds; must not throw. */
public interface Collector {
  /**
   * A member begins.
   *
   * @param rule the one that matched
   * @param position index in the last array on the way to it, −1 if there was none
   */
  ValueSink open(Rule rule, int position);

  /**
   * One JSON document, or one event of a stream, is over.
   *
   * @param whole false when it broke off, or was no JSON: nothing of it may be believed
   */
  void endDocument(boolean whole);
}
