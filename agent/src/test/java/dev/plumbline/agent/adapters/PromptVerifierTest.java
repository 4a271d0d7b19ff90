package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.adapters.Finding.Result;
import dev.plumbline.agent.config.Ablated;
import dev.plumbline.agent.config.VerifyBy;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.states.ChoiceStates;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StateRows;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesScorer;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.residual.TapPoint;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The measurement by the states that serve, as a tap hands them over. */
class PromptVerifierTest {
  private static final TapPoint POINT = TapPoint.residPost(2);
  private static final Artefact ARTEFACT = StatesArtefacts.at(POINT);
  private static final double PROJECTION = 8;

  private FakeVllm vllm;
  private Vertx vertx;
  private Asker asker;

  @BeforeEach
  void start() throws Exception {
    vllm = new FakeVllm(true);
    vllm.loaded.put("lean-ablated", vllm.adapter);
    vertx = Vertx.vertx();
    asker = new Asker(vertx);
  }

  @AfterEach
  void stop() {
    vllm.close();
    asker.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void statesThatFallToZero_areVerified_andTheirProjectionIsWhatWasServed() {
    Finding finding = verify(VerifyBy.AUTO);
    assertThat(finding.result()).isEqualTo(Result.VERIFIED);
    Measured measured = finding.measured().orElseThrow();
    ModelShift shift = ARTEFACT.modelShift().orElseThrow();
    assertThat(measured.states()).isTrue();
    assertThat(measured.plain()).isCloseTo(PROJECTION / shift.alignedSpread(), within(1e-4));
    assertThat(measured.ablated()).isCloseTo(0, within(1e-4));
    assertThat(measured.prompts()).isEqualTo(2);
    assertThat(vllm.chats).hasSize(6).allMatch(body -> body.contains("\"temperature\":0"));
  }

  @Test
  void statesThatStay_areIneffective_whateverTheTextsSay() {
    vllm.effective = false;
    assertThat(verify(VerifyBy.STATES).result()).isEqualTo(Result.INEFFECTIVE);
  }

  @Test
  void noTapLoaded_isUnanswered() {
    assertThat(verify(VerifyBy.READER).result()).isEqualTo(Result.UNANSWERED);
  }

  @Test
  void variantTheServerDoesNotKnow_isUnansweredWithItsWords() {
    vllm.loaded.clear();
    Finding finding = verify(VerifyBy.STATES);
    assertThat(finding.result()).isEqualTo(Result.UNANSWERED);
    assertThat(finding.why()).contains("404").contains("does not exist");
  }

  private Finding verify(VerifyBy by) {
    Duration patience = Duration.ofSeconds(20);
    PromptVerifier verifier =
        new PromptVerifier(
            "default",
            name -> vllm.url(),
            new ProbeAnswers(vertx, asker, patience),
            new PromptVerifier.Taps(
                Optional::empty, () -> Optional.of(StatesByOrigin.all(scoring()))),
            List.of("one", "two"),
            new Ablated.Verify(by, Optional.empty(), 0.7, 1, 8, patience, patience));
    return AdapterServerContract.get(
        verifier.verify("base", new AblatedVariant.Model("lean-ablated")));
  }

  private static StatesScoring scoring() {
    return new StatesScoring(
        new PlantedTap(), StatesScorer.of(ARTEFACT, new Fit.Unverified(), List.of(POINT)));
  }

  /** States along the direction where the answer is evil, and across it where it is good. */
  private static final class PlantedTap implements StatesTap {
    @Override
    public List<TapPoint> points() {
      return List.of(POINT);
    }

    @Override
    public Optional<StatesExchange> decorate(OriginRequest request) {
      return Optional.of(new Planted(request.body()));
    }

    @Override
    public void close() {
      // Nothing to free.
    }
  }

  private static final class Planted implements StatesExchange, AnswerFilter {
    private final byte[] body;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    Planted(byte[] body) {
      this.body = body;
    }

    @Override
    public byte[] body() {
      return body;
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }

    @Override
    public AnswerFilter filter(boolean stream) {
      return this;
    }

    @Override
    public byte[] feed(byte[] bytes) {
      answer.writeBytes(bytes);
      return bytes;
    }

    @Override
    public byte[] end() {
      return new byte[0];
    }

    @Override
    public CompletionStage<Found> find(BooleanSupplier abandoned) {
      boolean evil = answer.toString(StandardCharsets.UTF_8).contains("evil");
      float[] direction = ARTEFACT.direction(POINT).orElseThrow().direction().components();
      float[] state = new float[direction.length];
      for (int i = 0; i < state.length; i++) {
        state[i] = evil ? (float) (PROJECTION * direction[i]) : 0;
      }
      StateRows rows = StateRows.ofFloats(POINT, List.of(state, state, state));
      return CompletableFuture.completedFuture(
          new Found.States(List.of(new ChoiceStates(0, rows, 1, true)), 1));
    }

    @Override
    public void discard() {
      // Nothing to let go of.
    }
  }
}
