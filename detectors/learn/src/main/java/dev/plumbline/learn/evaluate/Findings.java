package dev.plumbline.learn.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that an evaluation found.
 *
 * @param controls by the tap points they were read at
 * @param scores one an artefact
 * @param detect matrices, one a method; empty with one model
 * @param weights empty where no finetune's weights were given
 * @param ablate for an organism
 */
record Findings(
    Map<String, ControlTable> controls,
    List<ScoreFigures> scores,
    List<DetectTransfer> detect,
    List<WeightsVersusAnswers> weights,
    Optional<AblateTransfer> ablate) {
  Findings {
    controls = new LinkedHashMap<>(controls);
    scores = List.copyOf(scores);
    detect = List.copyOf(detect);
    weights = List.copyOf(weights);
  }

  /** Stage results, which are read back by class. */
  record Detect(List<DetectTransfer> found) {}

  /** As above. */
  record Weights(List<WeightsVersusAnswers> found) {}
}
