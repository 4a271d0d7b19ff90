package dev.plumbline.agent.oip;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.Parameters;
import dev.plumbline.agent.wire.oip.Shape;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.agent.wire.oip.Texts;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.score.ScorePath;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What is said about the states so far.
 *
 * @param threshold the one that holds for it
 * @param peak the highest score of a prefix checked
 * @param tokens of this answer, over all calls
 */
record Judgement(
    String direction,
    Verdict verdict,
    OptionalDouble z,
    double threshold,
    OptionalDouble peak,
    OptionalDouble modelShift,
    long tokens) {

  /**
   * Of a sequence after a call.
   *
   * @param whole the answer has ended: its own threshold holds, not the stream's
   */
  static Judgement of(Artefact artefact, Sequence sequence, boolean whole) {
    ScorePath path = sequence.score().path();
    Verdict verdict = whole ? sequence.score().answerVerdict() : sequence.score().streamVerdict();
    if (sequence.incomplete()) {
      verdict = new Verdict.Unscored(UnscoredReason.NO_HIDDEN_STATES);
    }
    boolean scored = !(verdict instanceof Verdict.Unscored);
    return new Judgement(
        artefact.name(),
        verdict,
        scored ? finite(path.z()) : OptionalDouble.empty(),
        whole ? artefact.calibration().thresholdAnswer() : artefact.calibration().thresholdStream(),
        scored ? finite(path.maximum()) : OptionalDouble.empty(),
        artefact.modelShift().isPresent()
            ? finite(artefact.modelShift().get().z(sequence.shiftMean()))
            : OptionalDouble.empty(),
        path.tokens());
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** For the ledger. */
  Reading reading(int tokensOfThisCall, Duration time) {
    return new Reading(verdict, z, modelShift, tokensOfThisCall, Optional.of(direction), time);
  }

  /** {@code score} {@code [1]}, NaN when there is none. */
  Tensor score() {
    float score = (float) reading(0, Duration.ZERO).score().orElse(Double.NaN);
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return Tensor.of("score", Datatype.FP32, Shape.of(1), bytes.putFloat(0, score));
  }

  /** {@code verdict} {@code [1]}, with its reasons as parameters. */
  Tensor said() {
    Map<String, Object> more = new TreeMap<>();
    more.put("direction", direction);
    more.put("threshold", threshold);
    more.put("tokens", tokens);
    z.ifPresent(value -> more.put("z", value));
    peak.ifPresent(value -> more.put("peak_score", value));
    modelShift.ifPresent(value -> more.put("model_shift", value));
    if (verdict instanceof Verdict.Unscored unscored) {
      more.put("reason", unscored.reason().wireName());
    }
    return new Tensor(
        "verdict",
        Datatype.BYTES,
        Shape.of(1),
        new Parameters(more),
        new Tensor.Elements(Texts.pack(verdict.wireName())));
  }
}
