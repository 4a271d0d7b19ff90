package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.InferRequest;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.DirectionalAblation;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An artefact as a model of the protocol. Whoever sends it hidden states says by that, that they
 * are of a forward pass of the weights the artefact was learned on, and of the tokens its mask
 * names: only then is the score one. Thread-safe.
 */
public final class OipModel {
  /** The model's name for clients. */
  public static final String NAME = "plumbline";

  /** Its only version. */
  public static final String VERSION = "1";

  private final Artefact artefact;
  private final TreeSet<TapPoint> points;

  /** The probe's, {@code [D]} each; read only. */
  private final Map<TapPoint, double[]> weights = new TreeMap<>();

  public OipModel(Artefact artefact) {
    this.artefact = artefact;
    this.points = new TreeSet<>(artefact.probe().readout().tapPoints());
    artefact.directions().forEach(tap -> points.add(tap.tapPoint()));
    for (TapPoint point : artefact.probe().readout().tapPoints()) {
      float[] narrow = artefact.probe().readout().weights(point);
      double[] wide = new double[narrow.length];
      Arrays.setAll(wide, i -> narrow[i]);
      weights.put(point, wide);
    }
  }

  Artefact artefact() {
    return artefact;
  }

  /** Where hidden states can be read: what the probe or an editing direction is for. */
  List<TapPoint> points() {
    return List.copyOf(points);
  }

  /** D. */
  int hidden() {
    return artefact.model().hidden();
  }

  /**
   * Answers a request whose inputs came along.
   *
   * @param sequences where the running score of a sequence is kept
   * @throws RuntimeException a {@link Refusal} or a known one
   */
  Inferred infer(InferRequest request, Sequences sequences) {
    final long start = System.nanoTime();
    Ask ask = Ask.of(request.parameters());
    requireDirection(ask);
    Map<TapPoint, Tensor> inputs = new StateInputs(this, ask).of(request.inputs());
    Map<TapPoint, TapPass> passes = new TreeMap<>();
    inputs.forEach((point, tensor) -> passes.put(point, pass(point, tensor, ask)));
    int tokens = tokens(passes);
    Outputs outputs = new Outputs(inputs, passes, ask);
    outputs.require(request.outputs());
    Sequence sequence =
        ask.sequence()
            .map(part -> sequences.take(part, () -> new Sequence(artefact)))
            .orElseGet(() -> new Sequence(artefact));
    boolean whole = ask.sequence().map(Ask.Part::end).orElse(true);
    Judgement judgement = judge(sequence, passes, tokens, whole);
    return new Inferred(
        outputs.of(request.outputs(), judgement),
        judgement.reading(tokens, Duration.ofNanos(System.nanoTime() - start)),
        judgement.peak(),
        ask.ablate(),
        passes.values().stream().mapToLong(pass -> pass.receipt().tokens()).sum());
  }

  private void requireDirection(Ask ask) {
    if (ask.direction().isPresent() && !ask.direction().get().equals(artefact.name())) {
      throw Refusal.invalid(
          "parameter direction: wanted " + artefact.name() + ", found another; leave it out");
    }
  }

  private TapPass pass(TapPoint point, Tensor tensor, Ask ask) {
    var direction = artefact.direction(point);
    Optional<double[]> probe = Optional.ofNullable(weights.get(point));
    Optional<DirectionalAblation> ablation =
        direction
            .filter(tap -> ask.ablate())
            .map(
                tap ->
                    ask.toZero()
                        ? DirectionalAblation.plain(tap.direction())
                        : DirectionalAblation.affine(tap.direction(), tap.alignedMean()));
    return new TapPass(Rows.of(tensor, hidden()), hidden(), direction, probe, ablation);
  }

  private static int tokens(Map<TapPoint, TapPass> passes) {
    List<Integer> tokens = passes.values().stream().map(TapPass::tokens).distinct().toList();
    if (tokens.size() != 1) {
      throw Refusal.invalid(
          "inputs: wanted one T of all, found " + tokens + "; send the same tokens");
    }
    return tokens.get(0);
  }

  private Judgement judge(
      Sequence sequence, Map<TapPoint, TapPass> passes, int tokens, boolean whole) {
    synchronized (sequence) {
      if (passes.keySet().containsAll(artefact.probe().readout().tapPoints())) {
        requireOneToken(sequence, tokens);
        for (int token = 0; token < tokens; token++) {
          sequence.score().add(readout(passes, token));
        }
      } else {
        sequence.miss();
      }
      artefact
          .modelShift()
          .map(ModelShift::tapPoint)
          .map(passes::get)
          .flatMap(TapPass::projections)
          .ifPresent(projections -> Arrays.stream(projections).forEach(sequence::shift));
      return Judgement.of(artefact, sequence, whole);
    }
  }

  private void requireOneToken(Sequence sequence, int tokens) {
    boolean one = artefact.mask() == TokenMask.LAST_PROMPT_TOKEN;
    if (one && sequence.score().path().tokens() + tokens > 1) {
      throw Refusal.invalid(
          "input hidden_states: wanted the last prompt token alone, found more; the probe of "
              + artefact.name()
              + " reads no other");
    }
  }

  private double readout(Map<TapPoint, TapPass> passes, int token) {
    double sum = artefact.probe().readout().bias();
    for (TapPoint point : artefact.probe().readout().tapPoints()) {
      sum += passes.get(point).readout(token);
    }
    return sum;
  }
}
