package dev.plumbline.learn.ability;

import java.util.List;

/** A set of items and how they are put to a model. */
public interface Task {
  /** Short, such as {@code mmlu}. */
  String name();

  /** How items are put, with the prompt, shots and measures, for the report. */
  List<String> stated();

  /** How many items there are. */
  int size();

  /** One result an item, in their order. */
  List<ItemResult> run(Examiner examiner, Condition condition);
}
