package dev.plumbline.agent.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.Floats;
import dev.plumbline.agent.wire.oip.InferRequest;
import dev.plumbline.agent.wire.oip.Parameters;
import dev.plumbline.agent.wire.oip.RequestedOutput;
import dev.plumbline.agent.wire.oip.Shape;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.agent.wire.oip.Texts;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.RunningScore;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.mitigations.DirectionalAblation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The float64 reference judges: readouts, directions and interventions of the cores. */
class OipModelTest {
  private static final int D = StatesArtefacts.HIDDEN;
  private static final TapPoint MIDDLE = TapPoint.residPost(2);
  private static final TapPoint LATE = TapPoint.residPost(3);

  private final Artefact artefact = learned(StatesArtefacts.at(MIDDLE), List.of(MIDDLE));
  private final OipModel model = new OipModel(artefact);
  private final Sequences sequences =
      new Sequences(4, Duration.ofSeconds(9), System::nanoTime, new Meters());

  /** The same with an aligned mean other than zero, and a probe over these tap points. */
  private static Artefact learned(Artefact of, List<TapPoint> probed) {
    TapDirection first = of.directions().get(0);
    List<TapDirection> directions = new ArrayList<>();
    Map<TapPoint, float[]> weights = new java.util.HashMap<>();
    for (TapPoint point : probed) {
      Direction own =
          point.equals(MIDDLE) ? first.direction() : Direction.of(1, 0, 0, -1, 0, 0.5f, 0, 0);
      directions.add(new TapDirection(point, own, 0.75, 1));
      weights.put(point, of.probe().readout().weights(MIDDLE));
    }
    Readout readout = new Readout("planted", weights, 0.5);
    return new Artefact(
        of.formatVersion(),
        of.name(),
        of.created(),
        of.model(),
        of.validatedFingerprints(),
        directions,
        new Probe(readout, of.probe().pooling(), of.probe().scale()),
        of.calibration(),
        of.mask(),
        of.sign(),
        of.provenance(),
        of.quality(),
        of.modelShift());
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "FP16", "BF16"})
  void infer_projectionScoreAndVerdict_areTheReferences(Datatype type) {
    Tensor states = states(type, 5, 11);
    Inferred found = infer(Map.of(), states);
    double[] projection = floats(output(found, "projection"));
    RunningScore score = RunningScore.of(artefact);
    double shift = 0;
    for (int t = 0; t < 5; t++) {
      float[] state = row(states, t);
      double p = artefact.direction(MIDDLE).orElseThrow().direction().dot(state);
      assertThat(projection[t]).isCloseTo(p, within(Math.abs(p) * 0x1p-23 + 1e-30));
      score.add(artefact.probe().readout().evaluate(Map.of(MIDDLE, state)));
      shift += p / 5;
    }
    double expected = score.path().score();
    assertThat(found.reading().score().getAsDouble()).isCloseTo(expected, within(1e-12));
    assertThat(floats(output(found, "score"))[0]).isCloseTo(expected, within(1e-7));
    assertThat(text(output(found, "verdict"))).isEqualTo(score.answerVerdict().wireName());
    Parameters said = output(found, "verdict").parameters();
    assertThat((double) said.values().get("threshold")).isEqualTo(0.5);
    assertThat((double) said.values().get("z")).isCloseTo(score.path().z(), within(1e-12));
    assertThat((double) said.values().get("model_shift"))
        .isCloseTo((shift - 0.125) / 0.5, within(1e-12));
    assertThat(found.reading().tokensScored()).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "FP16", "BF16"})
  void infer_ablating_isTheReferenceRoundedOnce(Datatype type) {
    Tensor states = states(type, 4, 3);
    for (boolean zero : new boolean[] {false, true}) {
      Inferred found =
          infer(Map.of("mode", "ablate", "baseline", zero ? "zero" : "aligned"), states);
      TapDirection tap = artefact.direction(MIDDLE).orElseThrow();
      DirectionalAblation reference =
          zero
              ? DirectionalAblation.plain(tap.direction())
              : DirectionalAblation.affine(tap.direction(), tap.alignedMean());
      Tensor ablated = output(found, "hidden_states");
      assertThat(ablated.datatype()).isEqualTo(type);
      assertThat(ablated.shape()).isEqualTo(states.shape());
      ByteBuffer expected =
          ByteBuffer.allocate(4 * D * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      double removed = 0;
      for (int t = 0; t < 4; t++) {
        double[] state = doubles(row(states, t));
        double[] moved = reference.apply(state);
        removed += reference.receipt(state).removed();
        for (int i = 0; i < D; i++) {
          Floats.write(type, expected, t * D + i, moved[i]);
        }
      }
      assertThat(ablated.elements()).contains(expected);
      assertThat(ablated.parameters().whole("tokens_touched")).hasValue(4);
      assertThat((double) ablated.parameters().values().get("mean_removed"))
          .isCloseTo(removed / 4, within(1e-12));
      assertThat(found.touched()).isEqualTo(4);
    }
  }

  @Test
  void infer_overCallsOfASequence_isTheScoreOfTheWhole() {
    Tensor all = states(Datatype.FP32, 6, 5);
    Inferred whole = infer(Map.of(), all);
    Inferred last = null;
    for (int call = 0; call < 3; call++) {
      last =
          infer(
              Map.of("sequence_id", 7L, "sequence_start", call == 0, "sequence_end", call == 2),
              part(all, 2 * call, 2 * call + 2));
      assertThat(sequences.size()).isEqualTo(call == 2 ? 0 : 1);
      Object threshold = output(last, "verdict").parameters().values().get("threshold");
      assertThat(threshold).isEqualTo(call == 2 ? 0.5 : 0.6);
    }
    assertThat(last.reading().score().getAsDouble())
        .isCloseTo(whole.reading().score().getAsDouble(), within(1e-12));
    assertThat(last.reading().modelShift().getAsDouble())
        .isCloseTo(whole.reading().modelShift().getAsDouble(), within(1e-12));
    assertThat(output(last, "verdict").parameters().whole("tokens")).hasValue(6);
    assertThatThrownBy(() -> infer(Map.of("sequence_id", 7L), all))
        .hasMessageContaining("sequence_start");
  }

  @Test
  void infer_statesOfSeveralTapPoints_needsAllForAScore() {
    Artefact two = learned(StatesArtefacts.at(MIDDLE), List.of(MIDDLE, LATE));
    OipModel both = new OipModel(two);
    Tensor middle = named("hidden_states.resid_post.2", states(Datatype.BF16, 3, 1));
    Tensor late = named("hidden_states.resid_post.3", states(Datatype.FP32, 3, 2));
    Inferred found = both.infer(request(Map.of(), middle, late), sequences);
    RunningScore score = RunningScore.of(two);
    for (int t = 0; t < 3; t++) {
      score.add(two.probe().readout().evaluate(Map.of(MIDDLE, row(middle, t), LATE, row(late, t))));
    }
    assertThat(found.reading().score().getAsDouble())
        .isCloseTo(score.path().score(), within(1e-12));
    assertThat(found.outputs())
        .extracting(Tensor::name)
        .containsExactly("projection.resid_post.2", "projection.resid_post.3", "score", "verdict");

    Inferred half =
        both.infer(request(Map.of("layer", 3L), states(Datatype.FP32, 3, 2)), sequences);
    assertThat(half.reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(text(output(half, "verdict"))).isEqualTo("unscored");
    assertThat(output(half, "verdict").parameters().text("reason")).contains("no_hidden_states");
    assertThat(floats(output(half, "score"))[0]).isNaN();
    assertThat(floats(output(half, "projection"))[0]).isFinite();

    assertThatThrownBy(() -> both.infer(request(Map.of(), states(Datatype.FP32, 3, 2)), sequences))
        .hasMessageContaining("layer and site");
    assertThatThrownBy(() -> both.infer(request(Map.of(), middle, part(late, 0, 2)), sequences))
        .hasMessageContaining("one T");
  }

  @Test
  void infer_statesThatAreNotFinite_areADeviceErrorAndNotTouched() {
    Tensor states = states(Datatype.FP32, 3, 2);
    ByteBuffer bytes =
        ByteBuffer.allocate(3 * D * 4).order(ByteOrder.LITTLE_ENDIAN).put(states.elements().get());
    bytes.putFloat(4 * (D + 1), Float.NaN).flip();
    Tensor broken = Tensor.of("hidden_states", Datatype.FP32, Shape.of(1, 3, D), bytes);
    Inferred found = infer(Map.of("mode", "ablate"), broken);
    assertThat(found.reading().reason()).contains(UnscoredReason.DEVICE_ERROR);
    assertThat(found.touched()).isEqualTo(2);
    assertThat(floats(output(found, "projection"))[1]).isNaN();
    assertThat(Arrays.copyOfRange(floats(output(found, "hidden_states")), D, 2 * D))
        .containsExactly(Arrays.copyOfRange(floats(broken), D, 2 * D));
  }

  @Test
  void infer_whatCannotBeDone_isRefusedAndLeavesTheSequence() {
    Tensor states = states(Datatype.FP32, 2, 2);
    assertThatThrownBy(() -> infer(Map.of("layer", 1L), states))
        .hasMessageContaining("wanted one of [resid_post.2], found resid_post.1");
    assertThatThrownBy(() -> infer(Map.of("layer", 99L), states))
        .hasMessageContaining("wanted one");
    assertThatThrownBy(() -> infer(Map.of("site", "somewhere"), states))
        .hasMessageContaining("site");
    assertThatThrownBy(() -> infer(Map.of("mode", "steer"), states)).hasMessageContaining("mode");
    assertThatThrownBy(() -> infer(Map.of("direction", "x"), states))
        .hasMessageContaining("planted");
    assertThatThrownBy(() -> infer(Map.of("sequnce_id", 1L), states))
        .hasMessageContaining("sequnce_id");
    assertThatThrownBy(() -> infer(Map.of())).hasMessageContaining("hidden_states");
    assertThatThrownBy(() -> infer(Map.of(), Tensor.of("x", Datatype.FP32, Shape.of(0), bytes(0))))
        .hasMessageContaining("another name");
    assertThatThrownBy(
            () ->
                infer(
                    Map.of(), Tensor.of("hidden_states", Datatype.FP32, Shape.of(1, 2), bytes(8))))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(UnscoredReason.WRONG_MODEL));
    assertThatThrownBy(
            () ->
                infer(
                    Map.of(),
                    Tensor.of("hidden_states", Datatype.FP64, Shape.of(1, D), bytes(8 * D))))
        .hasMessageContaining("BF16");
    assertThatThrownBy(() -> asking(Map.of("mode", "ablate"), states, "score"))
        .hasMessageContaining("hidden_states in mode ablate");
    assertThatThrownBy(
            () ->
                asking(Map.of("sequence_id", "a", "sequence_start", true), states, "hidden_states"))
        .hasMessageContaining("outputs");
    assertThat(sequences.size()).isZero();
  }

  @Test
  void infer_forAProbeOfThePromptsLastToken_takesOne() {
    OipModel early = new OipModel(StatesArtefacts.at(MIDDLE, TokenMask.LAST_PROMPT_TOKEN, false));
    assertThat(
            early
                .infer(request(Map.of(), states(Datatype.FP32, 1, 1)), sequences)
                .reading()
                .score())
        .isPresent();
    assertThatThrownBy(() -> early.infer(request(Map.of(), states(Datatype.FP32, 2, 1)), sequences))
        .hasMessageContaining("last prompt token");
  }

  private Inferred infer(Map<String, Object> parameters, Tensor... inputs) {
    return model.infer(request(parameters, inputs), sequences);
  }

  private Inferred asking(Map<String, Object> parameters, Tensor input, String output) {
    List<RequestedOutput> outputs = List.of(RequestedOutput.of(output));
    return model.infer(
        new InferRequest("", "", "", new Parameters(parameters), List.of(input), outputs),
        sequences);
  }

  private static InferRequest request(Map<String, Object> parameters, Tensor... inputs) {
    return new InferRequest("", "", "", new Parameters(parameters), List.of(inputs), List.of());
  }

  private static Tensor states(Datatype type, int tokens, long seed) {
    Random random = new Random(seed);
    ByteBuffer bytes = bytes(tokens * D * type.bytes());
    for (int i = 0; i < tokens * D; i++) {
      Floats.write(type, bytes, i, 2 * random.nextGaussian());
    }
    return Tensor.of("hidden_states", type, Shape.of(tokens, D), bytes);
  }

  private static Tensor named(String name, Tensor tensor) {
    return Tensor.of(name, tensor.datatype(), tensor.shape(), tensor.elements().orElseThrow());
  }

  private static Tensor part(Tensor all, int from, int to) {
    int row = D * all.datatype().bytes();
    ByteBuffer bytes = all.elements().orElseThrow().slice(from * row, (to - from) * row);
    return Tensor.of(all.name(), all.datatype(), Shape.of(to - from, D), bytes);
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] row(Tensor states, int token) {
    double[] all = floats(states);
    float[] row = new float[D];
    for (int i = 0; i < D; i++) {
      row[i] = (float) all[token * D + i];
    }
    return row;
  }

  private static double[] doubles(float[] row) {
    double[] wide = new double[row.length];
    Arrays.setAll(wide, i -> row[i]);
    return wide;
  }

  private static double[] floats(Tensor tensor) {
    ByteBuffer bytes = tensor.elements().orElseThrow();
    double[] values = new double[bytes.remaining() / tensor.datatype().bytes()];
    Arrays.setAll(values, i -> Floats.read(tensor.datatype(), bytes, i));
    return values;
  }

  private static String text(Tensor tensor) {
    return new String(Texts.unpack(tensor).get(0), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Tensor output(Inferred found, String name) {
    return Optional.of(found.outputs()).orElseThrow().stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
