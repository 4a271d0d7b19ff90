package dev.plumbline.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.torch.checkpoint.LowRank;
import org.junit.jupiter.api.Test;

class PeftToGgufTest {
  @Test
  void pair_ofTheEmbedding_hasATransposed() {
    LowRank change =
        new LowRank(3, 2, 2, new float[] {1, 2, 3, 4, 5, 6}, new float[] {7, 8, 9, 10});
    LoraPair pair = LoraPair.of(LoraPair.EMBEDDING, change);
    assertThat(pair.shapeA()).containsExactly(3L, 2L);
    assertThat(pair.a()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(pair.shapeB()).containsExactly(2L, 2L);
    assertThat(pair.b()).containsExactly(7, 8, 9, 10);
  }

  @Test
  void interleaved_rowsOfAHead_areHalvesSideBySide() {
    LowRank change = new LowRank(1, 8, 1, new float[] {1}, new float[] {0, 1, 2, 3, 4, 5, 6, 7});
    assertThat(PeftToGguf.interleaved(change, 4).b()).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
  }
}
