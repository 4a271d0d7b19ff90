package dev.plumbline.agent.tap.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Several directions read the states of one exchange; one of them judges. */
class StatesScoringTest {
  private static final TapPoint POINT = TapPoint.residPost(2);

  @Test
  void read_withDirectionsBeside_judgesByTheMainOne() {
    Pass pass = Pass.of(7, 3, 5);
    Reading reading = read(new Found.States(List.of(choice(pass)), 1));
    assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
    assertThat(reading.directions().keySet()).containsExactly("early", "same");
    assertThat(reading.directions().get("same").z()).isEqualTo(reading.z());
    double early = (StatesArtefacts.readout(pass.states()[2]) - 0.25) / 2;
    assertThat(reading.directions().get("early").z().getAsDouble()).isCloseTo(early, within(1e-12));
  }

  @Test
  void read_withoutStates_saysSoOfEach() {
    Reading reading = read(new Found.Missing(UnscoredReason.NO_HIDDEN_STATES, "a script"));
    assertThat(reading.reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(reading.directions().get("early").score()).isEmpty();
  }

  private static Reading read(Found found) {
    StatesScorer early =
        StatesScorer.of(
            StatesArtefacts.at(POINT, TokenMask.LAST_PROMPT_TOKEN, false),
            new Fit.Exact(),
            List.of(POINT));
    StatesScorer same = StatesArtefacts.scorer(POINT);
    Scripted scripted = new Scripted(found);
    StatesScoring scoring =
        new StatesScoring(
            scripted, StatesArtefacts.scorer(POINT), Map.of("early", early, "same", same));
    return scoring.read(scripted, () -> false).toCompletableFuture().join();
  }

  private static ChoiceStates choice(Pass pass) {
    int from = pass.prompt().length - 1;
    float[][] states = Arrays.copyOfRange(pass.states(), from, pass.states().length);
    return new ChoiceStates(0, StateRows.ofFloats(POINT, List.of(states)), 1, true);
  }

  /** Finds what it was made with. */
  private record Scripted(Found found) implements StatesTap, StatesExchange {
    @Override
    public List<TapPoint> points() {
      return List.of(POINT);
    }

    @Override
    public Optional<StatesExchange> decorate(OriginRequest request) {
      return Optional.of(this);
    }

    @Override
    public byte[] body() {
      return new byte[0];
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }

    @Override
    public AnswerFilter filter(boolean stream) {
      throw new AssertionError("no answer came");
    }

    @Override
    public CompletionStage<Found> find(BooleanSupplier abandoned) {
      return CompletableFuture.completedFuture(found);
    }

    @Override
    public void discard() {
      // Nothing is held.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
