package dev.plumbline.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class DecorationTest {
  private final List<String> calls = new ArrayList<>();

  @Test
  void discard_beforeAnybodyReads_discardsOnce() {
    Decoration decoration = decorated();
    decoration.discard();
    decoration.discard();
    assertThat(decoration.read(() -> false).toCompletableFuture().join().reason())
        .contains(UnscoredReason.DEADLINE_PASSED);
    assertThat(calls).containsExactly("discard");
  }

  @Test
  void discard_onceReadingHasBegun_doesNothing() {
    Decoration decoration = decorated();
    decoration.read(() -> false).toCompletableFuture().join();
    decoration.discard();
    assertThat(calls).containsExactly("find");
  }

  @Test
  void passed_beforeAnyHead_isUnchanged() {
    Decoration decoration = decorated();
    io.vertx.core.buffer.Buffer chunk = io.vertx.core.buffer.Buffer.buffer("{");
    assertThat(decoration.passed(chunk)).isSameAs(chunk);
    assertThat(decoration.rest().length()).isZero();
  }

  private Decoration decorated() {
    TapPoint point = TapPoint.FINAL_NORM;
    Decoration decoration =
        new Decoration(
            StatesByOrigin.all(new StatesScoring(new Scripted(), StatesArtefacts.scorer(point))));
    assertThat(decoration.active()).isFalse();
    decoration.request("default", "/x", "id", new byte[0]);
    assertThat(decoration.active()).isTrue();
    return decoration;
  }

  /** Decorates everything and finds nothing. */
  private final class Scripted implements StatesTap, StatesExchange {
    @Override
    public List<TapPoint> points() {
      return List.of(TapPoint.FINAL_NORM);
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
      calls.add("find");
      return CompletableFuture.completedFuture(Found.noStates("scripted"));
    }

    @Override
    public void discard() {
      calls.add("discard");
    }

    @Override
    public void close() {
      // Nothing runs.
    }
  }
}
