package dev.plumbline.core.residual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Holds each line of the table of names for a model of L = 4 layers. */
class ConventionsTest {

  private static final int L = 4;

  @Test
  void hiddenStatesIndex_residPost_isOneMoreExceptTheLast() {
    assertThat(Conventions.hiddenStatesIndex(TapPoint.EMBED, L)).isZero();
    assertThat(Conventions.hiddenStatesIndex(TapPoint.residPost(0), L)).isEqualTo(1);
    assertThat(Conventions.hiddenStatesIndex(TapPoint.residPost(2), L)).isEqualTo(3);
    assertThat(Conventions.hiddenStatesIndex(TapPoint.residPre(2), L)).isEqualTo(2);
    assertThat(Conventions.hiddenStatesIndex(TapPoint.FINAL_NORM, L)).isEqualTo(4);
    assertAbsent(() -> Conventions.hiddenStatesIndex(TapPoint.residPost(3), L));
    assertAbsent(() -> Conventions.hiddenStatesIndex(TapPoint.residMid(1), L));
  }

  @Test
  void fromHiddenStatesIndex_everyIndex_returns() {
    for (int i = 0; i <= L; i++) {
      TapPoint point = Conventions.fromHiddenStatesIndex(i, L);
      assertThat(Conventions.hiddenStatesIndex(point, L)).isEqualTo(i);
    }
    assertThatThrownBy(() -> Conventions.fromHiddenStatesIndex(5, L))
        .hasMessageContaining("0 to 4");
  }

  @Test
  void vllmAuxiliaryId_residPost_isOneMoreAlsoForTheLast() {
    assertThat(Conventions.vllmAuxiliaryId(TapPoint.EMBED, L)).isZero();
    assertThat(Conventions.vllmAuxiliaryId(TapPoint.residPost(0), L)).isEqualTo(1);
    assertThat(Conventions.vllmAuxiliaryId(TapPoint.residPost(3), L)).isEqualTo(4);
    assertThat(Conventions.fromVllmAuxiliaryId(4, L)).isEqualTo(TapPoint.residPost(3));
    assertThat(Conventions.fromVllmAuxiliaryId(0, L)).isEqualTo(TapPoint.EMBED);
    assertAbsent(() -> Conventions.vllmAuxiliaryId(TapPoint.FINAL_NORM, L));
  }

  @Test
  void llamaCpp_residPost_carriesItsOwnLayer() {
    assertThat(Conventions.llamaCppTensor(TapPoint.residPost(3), L)).isEqualTo("l_out-3");
    assertThat(Conventions.llamaCppTensor(TapPoint.residPre(1), L)).isEqualTo("l_out-0");
    assertThat(Conventions.controlVectorTensor(TapPoint.residPost(3), L)).isEqualTo("direction.3");
    assertAbsent(() -> Conventions.controlVectorTensor(TapPoint.residPost(0), L));
    assertAbsent(() -> Conventions.llamaCppTensor(TapPoint.residMid(3), L));
  }

  private static void assertAbsent(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("choose another tap point");
  }
}
