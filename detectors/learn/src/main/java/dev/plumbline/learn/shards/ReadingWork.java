package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.StateReader;
import java.util.List;
import java.util.Optional;

/**
 * Answers that a shard is to read: their mean states at some tap points, or some readouts at every
 * token.
 *
 * @param adapter worn while reading, empty for the base
 * @param points of the mean states; empty for readouts
 * @param readouts empty for mean states
 */
record ReadingWork(
    Optional<String> adapter, List<Answer> answers, List<TapPoint> points, List<Readout> readouts) {
  ReadingWork {
    answers = List.copyOf(answers);
    points = List.copyOf(points);
    readouts = List.copyOf(readouts);
    Check.that(
        points.isEmpty() != readouts.isEmpty(),
        "answers to read",
        "tap points or readouts",
        points.isEmpty() ? "neither" : "both",
        "ask for one");
  }

  /**
   * The result as {@link RowBytes}.
   *
   * @param id of the shard
   */
  byte[] read(StateReader reader, String id) {
    StateReader worn = reader.wearing(adapter);
    return points.isEmpty()
        ? RowBytes.of(id, worn.readouts(answers, readouts))
        : RowBytes.of(id, worn.features(answers, points), points);
  }
}
