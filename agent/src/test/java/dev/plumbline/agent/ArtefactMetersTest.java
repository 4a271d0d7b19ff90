package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.ArtefactInUse;
import dev.plumbline.core.calibrate.ScoreBaseline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArtefactMetersTest {
  private static ArtefactInUse artefact(char digit, long created) {
    return artefact(digit, created, Optional.empty());
  }

  private static ArtefactInUse artefact(
      char digit, long created, Optional<ArtefactInUse.Baseline> baseline) {
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
        baseline);
  }

  /** Else the drift alert would hold the new direction's scores against the old one's. */
  @Test
  void baseline_ofAnArtefactThatIsReplacedByOneWithout_isForgotten() {
    ScoreBaseline scores = ScoreBaseline.of(new double[] {0.3, 0.6});
    Optional<ArtefactInUse.Baseline> brought =
        Optional.of(new ArtefactInUse.Baseline(scores.shares(), scores.count()));
    try (Meters meters = new Meters()) {
      ArtefactMeters shown = new ArtefactMeters(meters);
      shown.show(List.of(artefact('a', 100, brought)));
      assertThat(meters.scrape()).contains("plumbline_baseline_score_count{direction=\"em\"} 2");
      shown.show(List.of(artefact('b', 200)));
      assertThat(meters.scrape()).doesNotContain("plumbline_baseline_score_count");
    }
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
