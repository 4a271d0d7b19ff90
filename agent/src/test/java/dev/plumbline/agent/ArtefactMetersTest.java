package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.ArtefactInUse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArtefactMetersTest {
  private static ArtefactInUse artefact(char digit, long created) {
    return new ArtefactInUse(
        "em",
        "judge",
        "m",
        String.valueOf(digit).repeat(64),
        "resid_post.1",
        "exact",
        Instant.ofEpochSecond(created),
        0.5,
        0.6,
        0.01,
        Optional.empty());
  }

  @Test
  void artefact_thatIsReplaced_isForgotten() {
    try (Meters meters = new Meters()) {
      ArtefactMeters shown = new ArtefactMeters(meters);
      shown.show(List.of(artefact('a', 100)));
      assertThat(meters.scrape()).contains("digest=\"aaaaaaaaaaaaaaaa\"").contains(" 100.0");
      shown.show(List.of(artefact('b', 200)));
      assertThat(meters.scrape())
          .contains("digest=\"bbbbbbbbbbbbbbbb\"")
          .contains(" 200.0")
          .doesNotContain("aaaaaaaaaaaaaaaa")
          .doesNotContain(" 100.0");
      shown.show(List.of());
      assertThat(meters.scrape()).doesNotContain("digest=\"").contains(" NaN");
    }
  }
}
