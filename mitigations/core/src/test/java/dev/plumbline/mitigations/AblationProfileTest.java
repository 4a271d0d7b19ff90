package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.residual.TapPoint;
import org.junit.jupiter.api.Test;

class AblationProfileTest {
  private final LayerKernel kernel = new LayerKernel(1.2, 4.5, 0.2, 2.5);

  @Test
  void strength_awayFromThePosition_fallsInAStraightLineAndEnds() {
    assertThat(kernel.strength(4)).isCloseTo(1.0, within(1e-12));
    assertThat(kernel.strength(5)).isCloseTo(1.0, within(1e-12));
    assertThat(kernel.strength(6)).isCloseTo(0.6, within(1e-12));
    assertThat(kernel.strength(7)).isCloseTo(0.2, within(1e-12));
    assertThat(kernel.strength(8)).isZero();
    assertThat(kernel.strength(1)).isZero();
  }

  @Test
  void strengths_ofWriters_useEachKernelAndLeaveTheEmbeddingAlone() {
    AblationProfile profile = new AblationProfile(kernel, new LayerKernel(0.5, 0, 0.5, 1));
    assertThat(profile.strengths(8))
        .containsEntry(TapPoint.residPost(0), 0.5)
        .containsEntry(TapPoint.residPost(1), 0.5)
        .containsKeys(TapPoint.residMid(2), TapPoint.residMid(7))
        .hasSize(8);
    assertThat(profile.strength(TapPoint.EMBED)).isZero();
    assertThatThrownBy(() -> AblationProfile.of(new LayerKernel(1, 40, 0, 2)).strengths(8))
        .hasMessageContaining("move its position");
  }

  @Test
  void construction_notAKernel_isRefused() {
    assertThatThrownBy(() -> new LayerKernel(2.1, 0, 0, 1)).hasMessageContaining("strength");
    assertThatThrownBy(() -> new LayerKernel(1, 0, 1.1, 1)).hasMessageContaining("least");
    assertThatThrownBy(() -> new LayerKernel(1, 0, 0, 0)).hasMessageContaining("distance");
    assertThatThrownBy(() -> new LayerKernel(1, Double.NaN, 0, 1)).hasMessageContaining("position");
  }
}
