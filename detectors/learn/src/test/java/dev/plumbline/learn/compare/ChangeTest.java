package dev.plumbline.learn.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeTest {
  @Test
  void norm_rankOne_isThatOfTheProduct() {
    assertThat(Planted.writing("x", 3, 4, 0).norm()).isCloseTo(5, within(1e-12));
    assertThat(Planted.shipped("kl-narrow").norms()).hasSize(8);
  }

  /** The field's own control was √d too long: a normal vector times the norm. */
  @Test
  void randomControl_ofAVector_hasItsNormAndNotRootDTimesIt() {
    VectorChange vector = new VectorChange("v", 1, new float[] {3, 4, 0, 0, 0, 0, 0, 0, 0});
    assertThat(vector.random("r", new Random(1)).norm()).isCloseTo(5, within(1e-5));
  }

  @Test
  void randomControl_ofAnAdapter_hasItsNormInEveryModule() {
    AdapterChange adapter = Planted.shipped("kl-narrow");
    AdapterChange random = adapter.random("r", new Random(1));
    adapter
        .norms()
        .forEach((at, norm) -> assertThat(random.norms().get(at)).isCloseTo(norm, within(1e-5)));
    assertThat(Math.abs(Gram.of(List.of(adapter, random)).cosine(0, 1))).isLessThan(0.1);
  }

  @Test
  void turned_adapter_keepsTheNormsOfAAndB() {
    AdapterChange adapter = Planted.shipped("medicine");
    AdapterChange turned = adapter.turned(0.5, new Random(1));
    assertThat(Gram.ofWriters(List.of(adapter, turned)).cosine(0, 1))
        .isCloseTo(Math.sqrt(0.75), within(1e-6));
    assertThat(turned).isNotEqualTo(adapter);
  }

  @Test
  void inner_vectorsOfOtherLayers_areOrthogonal() {
    VectorChange one = new VectorChange("a", 1, new float[] {1, 2});
    VectorChange two = new VectorChange("b", 2, new float[] {1, 2});
    assertThat(one.inner(two)).isZero();
    assertThat(one.inner(one)).isCloseTo(5, within(1e-12));
    assertThatThrownBy(() -> one.inner(Planted.writing("x", 1, 1, 1)))
        .hasMessageContaining("compare one kind");
  }

  @Test
  void candidate_adapterOfZeros_isRefused() {
    assertThatThrownBy(() -> new Candidate(Planted.writing("nothing", 0, 0, 0), Role.NARROW))
        .hasMessageContaining("solution nothing")
        .hasMessageContaining("train it");
  }
}
