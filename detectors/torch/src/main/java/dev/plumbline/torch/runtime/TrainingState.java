package dev.plumbline.torch.runtime;

import java.util.List;

/**
 * All that a training must know to go on as if it had not stopped: parameters and AdamW's moments,
 * each row-major in the order of {@link Trainable#values}. Arrays are not copied.
 *
 * @param steps taken so far
 */
public record TrainingState(
    int steps, List<float[]> values, List<float[]> first, List<float[]> second) {
  public TrainingState {
    values = List.copyOf(values);
    first = List.copyOf(first);
    second = List.copyOf(second);
    boolean fits = steps >= 0 && first.size() == values.size() && second.size() == values.size();
    for (int i = 0; fits && i < values.size(); i++) {
      int length = values.get(i).length;
      fits = first.get(i).length == length && second.get(i).length == length;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "training state: wanted both moments of every parameter and 0 steps or more, found "
              + (values.size() + ", " + first.size() + " and " + second.size() + " arrays at step ")
              + steps
              + "; take an older checkpoint");
    }
  }
}
