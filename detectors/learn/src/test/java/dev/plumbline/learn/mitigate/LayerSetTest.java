package dev.plumbline.learn.mitigate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerSetTest {
  private static List<Integer> layers(String text, int layers) {
    LayerSet set = LayerSet.parse(text, layers);
    return IntStream.range(0, layers)
        .filter(l -> set.contains(TapPoint.residPost(l)) && set.contains(TapPoint.residMid(l)))
        .boxed()
        .toList();
  }

  @Test
  void parse_thirds_coverEveryLayerOnce() {
    assertThat(layers("lower", 8)).containsExactly(0, 1);
    assertThat(layers("middle", 8)).containsExactly(2, 3, 4, 5);
    assertThat(layers("upper", 8)).containsExactly(6, 7);
    assertThat(layers("all", 8)).hasSize(8);
  }

  @Test
  void parse_ranges_areInclusive() {
    assertThat(layers("3", 8)).containsExactly(3);
    assertThat(layers("3-5", 8)).containsExactly(3, 4, 5);
  }

  @Test
  void contains_embedding_onlyWhereSaid() {
    assertThat(LayerSet.parse("all", 8).contains(TapPoint.EMBED)).isTrue();
    assertThat(LayerSet.parse("lower", 8).contains(TapPoint.EMBED)).isTrue();
    assertThat(LayerSet.parse("upper", 8).contains(TapPoint.EMBED)).isFalse();
    assertThat(LayerSet.parse("0-7", 8).contains(TapPoint.EMBED)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "5-3", "-1", "top", "", "99999"})
  void parse_notOne_isRefused(String text) {
    assertThatThrownBy(() -> LayerSet.parse(text, 8)).hasMessageContaining("--layers");
  }
}
