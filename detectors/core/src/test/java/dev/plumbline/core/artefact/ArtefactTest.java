package dev.plumbline.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArtefactTest {

  private static final TapPoint LAST = TapPoint.residPost(1);
  private static final Probe PROBE = Artefacts.probe(LAST, new RunningMean());

  @Test
  void direction_byAnyNameOfTheState_isFound() {
    Artefact artefact = Artefacts.valid();
    assertThat(artefact.direction(TapPoint.residPre(0))).contains(Artefacts.at(TapPoint.EMBED));
    assertThat(artefact.direction(LAST)).contains(Artefacts.at(LAST));
    assertThat(artefact.direction(TapPoint.residMid(0))).isEmpty();
  }

  @Test
  void directions_wrongWidthLayerOrName_areRefused() {
    refused("size 3", new TapDirection(LAST, Direction.of(1, 0), 0, 1));
    refused("a layer below 2", Artefacts.at(TapPoint.residPost(2)));
    refused("wanted resid_post.0", Artefacts.at(TapPoint.residPre(1)));
    refused("one per tap point", Artefacts.at(LAST), Artefacts.at(LAST));
    refused("at least one direction");
  }

  @Test
  void probe_outsideTheModel_isRefused() {
    assertThatThrownBy(
            () ->
                Artefacts.artefact(
                    List.of(Artefacts.at(LAST)),
                    Artefacts.probe(TapPoint.residPost(2), new RunningMean())))
        .hasMessageContaining("a layer below 2");
  }

  @Test
  void sign_theOtherWay_isRefused() {
    assertThatThrownBy(() -> build(PROBE, TokenMask.ANSWER_CONTENT, Sign.POSITIVE_IS_ALIGNED, null))
        .hasMessageContaining("negate");
  }

  @Test
  void mask_andPooling_mustReadTheSameTokens() {
    Probe prompt = Artefacts.probe(LAST, new LastPromptToken());
    build(prompt, TokenMask.LAST_PROMPT_TOKEN, Sign.POSITIVE_IS_MISALIGNED, null);
    assertThatThrownBy(
            () -> build(prompt, TokenMask.ANSWER_CONTENT, Sign.POSITIVE_IS_MISALIGNED, null))
        .hasMessageContaining("last_prompt_token");
    assertThatThrownBy(
            () -> build(PROBE, TokenMask.LAST_PROMPT_TOKEN, Sign.POSITIVE_IS_MISALIGNED, null))
        .hasMessageContaining("running_mean");
  }

  @Test
  void modelShift_withoutADirectionThere_isRefused() {
    ModelShift shift = new ModelShift(LAST, 1, 2, 100);
    assertThat(shift.z(5)).isEqualTo(2);
    build(PROBE, TokenMask.ANSWER_CONTENT, Sign.POSITIVE_IS_MISALIGNED, shift);
    ModelShift elsewhere = new ModelShift(TapPoint.residMid(0), 1, 2, 100);
    assertThatThrownBy(
            () -> build(PROBE, TokenMask.ANSWER_CONTENT, Sign.POSITIVE_IS_MISALIGNED, elsewhere))
        .hasMessageContaining("model shift at resid_mid.0");
  }

  private static Artefact build(Probe probe, TokenMask mask, Sign sign, ModelShift shift) {
    return Artefacts.artefact(
        List.of(Artefacts.at(LAST)), probe, mask, sign, Optional.ofNullable(shift));
  }

  private static void refused(String message, TapDirection... directions) {
    assertThatThrownBy(() -> Artefacts.artefact(List.of(directions), PROBE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
