package dev.plumbline.core.residual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TapPointTest {

  @Test
  void wireNames_ofSites_arePinned() {
    assertThat(Site.values())
        .extracting(Site::wireName)
        .containsExactly("embed", "resid_pre", "resid_mid", "resid_post", "final_norm");
  }

  @Test
  void canonical_residPre_isThePreviousWriter() {
    assertThat(TapPoint.residPre(0).canonical(3)).isEqualTo(TapPoint.EMBED);
    assertThat(TapPoint.residPre(2).canonical(3)).isEqualTo(TapPoint.residPost(1));
    assertThat(TapPoint.residMid(2).canonical(3)).isEqualTo(TapPoint.residMid(2));
    assertThat(TapPoint.residPost(2).canonical(3)).isEqualTo(TapPoint.residPost(2));
    assertThat(TapPoint.FINAL_NORM.canonical(3)).isEqualTo(TapPoint.FINAL_NORM);
  }

  @Test
  void streamIndex_ofThreeLayers_isPinned() {
    List<String> stream =
        List.of(
            "embed",
            "resid_mid.0",
            "resid_post.0",
            "resid_mid.1",
            "resid_post.1",
            "resid_mid.2",
            "resid_post.2",
            "final_norm");
    for (int i = 0; i < stream.size(); i++) {
      assertThat(TapPoint.parse(stream.get(i)).streamIndex(3)).isEqualTo(i);
      assertThat(TapPoint.fromStreamIndex(i, 3)).hasToString(stream.get(i));
    }
    assertThat(TapPoint.residPre(1).streamIndex(3)).isEqualTo(2);
  }

  @Test
  void naturalOrder_ofTapPoints_isTheForwardPass() {
    TreeSet<TapPoint> points = new TreeSet<>();
    for (int i = 7; i >= 0; i--) {
      points.add(TapPoint.fromStreamIndex(i, 3));
    }
    assertThat(points)
        .extracting(point -> point.streamIndex(3))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void parse_badText_saysWhatWasWanted() {
    for (String bad :
        List.of(
            "",
            "resid_post",
            "resid_post.",
            "resid_post.-1",
            "embed.0",
            "Embed",
            "resid.3",
            "resid_post.3.1",
            "final_norm.2",
            "resid_post.99999999999")) {
      assertThatThrownBy(() -> TapPoint.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("wanted", "found", ";");
    }
  }

  @Test
  void canonical_layerOutsideTheModel_isRefused() {
    assertThatThrownBy(() -> TapPoint.residPost(3).canonical(3)).hasMessageContaining("below 3");
    assertThatThrownBy(() -> TapPoint.residPre(3).streamIndex(3)).hasMessageContaining("below 3");
    assertThatThrownBy(() -> TapPoint.fromStreamIndex(8, 3)).hasMessageContaining("0 to 7");
  }
}
