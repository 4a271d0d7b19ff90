package dev.plumbline.learn.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellsTest {
  @Test
  void key_ofNamesAlikeAtTheirBeginning_isNotTheSame() {
    List<String> names =
        List.of(
            "[resid_post.0, resid_mid.1, resid_post.1, resid_post.2]",
            "[resid_post.0, resid_mid.1, resid_post.1, resid_post.3]",
            "medicine v1",
            "medicine-v1",
            "医疗",
            "金融");

    assertThat(names.stream().map(Cells::key)).doesNotHaveDuplicates();
  }
}
