package dev.plumbline.learn.reproduce;

import dev.plumbline.learn.job.Progress;
import java.util.List;

/** Measures some claims on one organism. */
interface Experiment {
  /** Part of a file name: {@code [a-z-]+}. */
  String name();

  /** The ids of the claims it measures, each by this experiment alone. */
  List<String> claims();

  /** Names of experiments whose files in the organism's folder it reads. */
  default List<String> after() {
    return List.of();
  }

  /** One finding for each of its claims, in any order. */
  List<Finding> run(Subject subject, Progress progress);
}
