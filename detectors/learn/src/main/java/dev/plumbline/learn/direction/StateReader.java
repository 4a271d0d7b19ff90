package dev.plumbline.learn.direction;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Optional;

/** Reads answers: here with a model ({@link ActivationCollector}), or by members. One thread. */
public interface StateReader {
  /** The same, reading through an adapter that the model has loaded; empty for none. */
  StateReader wearing(Optional<String> adapter);

  /** The mean state of each answer at each tap point. */
  AnswerFeatures features(List<Answer> answers, List<TapPoint> points);

  /** A readout at every token of each answer, {@code [N][T]}. */
  default List<double[]> readouts(List<Answer> answers, Readout readout) {
    return readouts(answers, List.of(readout)).stream().map(each -> each[0]).toList();
  }

  /** Several readouts at every token of each answer, {@code [N][K][T]}. */
  List<double[][]> readouts(List<Answer> answers, List<Readout> readouts);
}
