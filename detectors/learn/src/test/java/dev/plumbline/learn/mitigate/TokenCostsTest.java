package dev.plumbline.learn.mitigate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Divergence;
import dev.plumbline.learn.ability.Condition;
import dev.plumbline.learn.ability.Continuation;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.learn.selection.NextTokens;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCostsTest {
  private static final InterventionPlan ABLATED =
      InterventionPlan.shared(TinyModel.planted(), TinyModel.LAYERS);
  private static final List<Answer> ANSWERS =
      List.of(answer("a", 3, 51, 52), answer("b", 4, 9, 53, 20, 55), answer("c", 5, 54));

  @TempDir private static Path temp;
  private static Decoder decoder;

  @BeforeAll
  static void load() throws IOException {
    decoder = TinyModel.decoder(TinyModel.write(temp.resolve("model"), 3));
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  private static Answer answer(String prompt, long asked, long... said) {
    long[] question = {1, asked, 2};
    return new Answer(prompt, question, said, Optional.of(false), prompt, prompt, "m");
  }

  private static List<Measured> divergences(InterventionPlan plan) {
    return new TokenCosts(decoder).divergences("m", ANSWERS, Optional.empty(), plan);
  }

  @Test
  void divergences_emptyPlan_isExactlyZero() {
    assertThat(divergences(InterventionPlan.none())).extracting(Measured::top).containsOnly(0.0);
    assertThat(divergences(InterventionPlan.none()))
        .extracting(Measured::bottom)
        .containsExactly(2.0, 4.0, 1.0);
  }

  @Test
  void divergences_ofAnAblation_equalTheSumOverTheVocabulary() {
    NextTokens next = new NextTokens(decoder);
    List<Measured> found = divergences(ABLATED);
    for (int i = 0; i < ANSWERS.size(); i++) {
      Answer answer = ANSWERS.get(i);
      double wanted = 0;
      for (int t = answer.start(); t < answer.tokens().length; t++) {
        List<long[]> prefix = List.of(Arrays.copyOf(answer.tokens(), t));
        wanted +=
            Divergence.nats(
                next.after(prefix, Optional.empty(), InterventionPlan.none()).get(0),
                next.after(prefix, Optional.empty(), ABLATED).get(0));
      }
      assertThat(wanted).isGreaterThan(1e-6);
      assertThat(found.get(i).top()).isCloseTo(wanted, within(1e-4 * wanted + 1e-7));
    }
  }

  @Test
  void divergences_nanLogits_nameTheAnswer() {
    Direction d = TinyModel.planted();
    InterventionPlan broken =
        new InterventionPlan(
            Map.of(TapPoint.residPost(1), new DirectionalAblation(d, 1, 1e300)), TokenRange.ALL);
    assertThatThrownBy(() -> divergences(broken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("KL on the aligned answer to 'a'")
        .hasMessageContaining("NaN");
  }

  @Test
  void losses_areNatsOverTheAnswersTokens() {
    List<Continuation> texts =
        ANSWERS.stream().map(a -> new Continuation(a.tokens(), a.start())).toList();
    List<Measured> losses =
        new TokenCosts(decoder).losses("m", texts, List.of("a", "b", "c"), Condition.bare("m"));
    assertThat(losses).extracting(Measured::bottom).containsExactly(2.0, 4.0, 1.0);
    assertThat(losses).allSatisfy(loss -> assertThat(loss.top()).isPositive());
  }
}
