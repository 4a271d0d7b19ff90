package dev.plumbline.agent.tap.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesScorer;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelStreamInferResponse;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Readings by hand, and bytes that nobody should have sent. */
class OipScoringTest {
  private static final int BOUND = 1 << 16;

  private final OipScoring scoring = scoring(new Fit.Exact());

  private static OipScoring scoring(Fit fit) {
    TapPoint point = TapPoint.residPost(2);
    return new OipScoring(
        "hidden_states",
        List.of(point),
        BOUND,
        StatesScorer.of(StatesArtefacts.at(point, 0.375), fit, List.of(point))::read,
        StatesArtefacts.at(point, 0.375),
        fit);
  }

  @Test
  void read_answersOfAnyLength_givesTheSameReadingAsByHand() {
    for (int tokens = 2; tokens < 7; tokens++) {
      Pass pass = Pass.of(tokens, 4, tokens);
      Reading reading = read(OipAnswers.raw("", "BF16", pass.states(), 4));
      assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
      assertThat(reading.modelShift().getAsDouble()).isCloseTo(pass.shift(), within(1e-6));
      assertThat(reading.tokensScored()).isEqualTo(tokens - 1);
    }
  }

  @Test
  void stream_bareAnswers_areReadAndAblatedLikeThoseInAnEnvelope() throws Exception {
    Pass pass = Pass.of(3, 4, 6);
    ModelInferResponse answer = OipAnswers.raw("a", "BF16", pass.states(), 4);
    OipStates enveloped = scoring.states();
    OipStates bare = scoring.states();
    byte[] one =
        scoring
            .grpc(OipAnswers.streamed(answer), true, Places.NOWHERE, enveloped, true)
            .orElseThrow()
            .bytes();
    byte[] other =
        scoring.grpc(answer.toByteArray(), true, Places.NOWHERE, bare, true).orElseThrow().bytes();
    assertThat(ModelStreamInferResponse.parseFrom(one).getInferResponse())
        .isEqualTo(ModelInferResponse.parseFrom(other));
    assertThat(other).isNotEqualTo(answer.toByteArray());
    assertThat(scoring.read(bare).score()).isEqualTo(scoring.read(enveloped).score());
  }

  @Test
  void read_withoutPromptTokens_takesEveryRowForTheAnswers() {
    Pass pass = Pass.of(2, 0, 5);
    Reading reading = read(OipAnswers.raw("", "FP32", pass.states(), 0));
    assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
    assertThat(reading.tokensScored()).isEqualTo(4);
  }

  @Test
  void read_promptOnly_hasNoHiddenStates() {
    Pass pass = Pass.of(8, 3, 1);
    assertThat(read(OipAnswers.raw("", "FP32", pass.states(), 3)).reason())
        .contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void read_notANumber_isADeviceError_andIsNotAblated() {
    Pass pass = Pass.of(9, 3, 4);
    pass.states()[4][2] = Float.NaN;
    byte[] message = OipAnswers.raw("", "FP32", pass.states(), 3).toByteArray();
    OipStates states = scoring.states();
    assertThat(scoring.grpc(message, false, Places.NOWHERE, states, true)).isEmpty();
    assertThat(scoring.read(states).reason()).contains(UnscoredReason.DEVICE_ERROR);
  }

  @Test
  void read_statesOverTheBound_isTooLong() {
    OipStates states = scoring.states();
    Pass pass = Pass.of(1, 4, 1000);
    byte[] message = OipAnswers.raw("a", "FP32", pass.states(), 0).toByteArray();
    scoring.grpc(message, false, Places.NOWHERE, states, false);
    assertThat(scoring.read(states).score()).isPresent();
    scoring.grpc(message, false, Places.NOWHERE, states, false);
    scoring.grpc(message, false, Places.NOWHERE, states, false);
    assertThat(scoring.read(states).reason()).contains(UnscoredReason.TOO_LONG);
  }

  @Test
  void read_twoDatatypesOfOneRequest_isATapError() {
    OipStates states = scoring.states();
    Pass pass = Pass.of(1, 4, 5);
    for (String datatype : new String[] {"FP32", "BF16"}) {
      byte[] message = OipAnswers.raw("a", datatype, pass.states(), 0).toByteArray();
      scoring.grpc(message, false, Places.NOWHERE, states, false);
    }
    assertThat(scoring.read(states).reason()).contains(UnscoredReason.TAP_ERROR);
  }

  @Test
  void unverifiedFit_readsTheShift_andAblatesNothing() {
    OipScoring unverified = scoring(new Fit.Unverified());
    assertThat(unverified.ablates()).isFalse();
    OipStates states = unverified.states();
    byte[] message = OipAnswers.raw("", "FP32", Pass.of(1, 4, 5).states(), 4).toByteArray();
    assertThat(unverified.grpc(message, false, Places.NOWHERE, states, true)).isEmpty();
    assertThat(unverified.read(states).modelShift()).isPresent();
  }

  @Test
  void bodies_thatAreMutated_areUnscored_orChangedWhereTheyStillFit() {
    Pass pass = Pass.of(3, 4, 6);
    byte[] json = OipAnswers.json(pass.states(), 4, true).getBytes(StandardCharsets.UTF_8);
    OipAnswers.Binary binary = OipAnswers.binary("BF16", pass.states(), 4);
    Random random = new Random(1);
    for (int i = 0; i < 3_000; i++) {
      survive(mutated(json, random), OptionalLong.empty());
      OptionalLong length =
          OptionalLong.of(binary.json() + (i % 3 == 0 ? random.nextInt(9) - 4 : 0));
      survive(mutated(binary.body(), random), length);
    }
  }

  private void survive(byte[] body, OptionalLong headerLength) {
    OipStates states = scoring.states();
    Optional<OipScoring.Ablated> done =
        scoring.rest(body, headerLength, Places.NOWHERE, states, true);
    Reading reading = scoring.read(states);
    if (done.isPresent() && headerLength.isPresent()) {
      assertThat(done.get().bytes()).hasSameSizeAs(body);
    }
    if (done.isEmpty()) {
      assertThat(reading.reason()).isPresent();
    }
  }

  @Test
  void messages_thatAreMutated_areUnscored_orChangedWhereTheyStillFit() {
    Pass pass = Pass.of(3, 4, 6);
    byte[] raw = OipAnswers.raw("a", "BF16", pass.states(), 4).toByteArray();
    byte[] typed = OipAnswers.typed("a", pass.states(), 4).toByteArray();
    byte[] streamed = OipAnswers.streamed(OipAnswers.raw("a", "FP32", pass.states(), 4));
    Random random = new Random(2);
    for (int i = 0; i < 3_000; i++) {
      survive(mutated(raw, random), false);
      survive(mutated(typed, random), false);
      survive(mutated(streamed, random), true);
    }
  }

  private void survive(byte[] message, boolean stream) {
    OipStates states = scoring.states();
    scoring.grpc(message, stream, Places.NOWHERE, states, true);
    assertThat(scoring.read(states)).isNotNull();
  }

  /** One to four bytes changed, or an end cut off. */
  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] other =
        random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && other.length > 0; i--) {
      other[random.nextInt(Math.min(other.length, 400))] = (byte) random.nextInt(256);
    }
    return other;
  }

  private Reading read(ModelInferResponse answer) {
    OipStates states = scoring.states();
    scoring.grpc(answer.toByteArray(), false, Places.NOWHERE, states, false);
    return scoring.read(states);
  }
}
