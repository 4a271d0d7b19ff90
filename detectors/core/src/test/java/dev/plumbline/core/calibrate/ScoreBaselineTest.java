package dev.plumbline.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plumbline.core.artefact.Quality;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreBaselineTest {
  @Test
  void of_scores_countsThoseAtABoundAmongThoseBelowIt() {
    ScoreBaseline baseline = ScoreBaseline.of(new double[] {0.01, 0.011, 0.5, 1});
    assertThat(baseline.entries())
        .hasSize(16)
        .contains(
            entry("baseline_score.le.0.01", 0.25),
            entry("baseline_score.le.0.02", 0.5),
            entry("baseline_score.le.0.4", 0.5),
            entry("baseline_score.le.0.5", 0.75),
            entry("baseline_score.le.0.99", 0.75),
            entry("baseline_score.le.1.0", 1.0),
            entry("baseline_score.count", 4.0));
    assertThatThrownBy(() -> ScoreBaseline.of(new double[0])).hasMessageContaining("baseline");
  }

  @Test
  void into_aQualityThatHasOne_replacesItAndNothingElse() {
    Quality quality = new Quality(Map.of(), Map.of("probe.ridge", 3.0));
    Quality first = ScoreBaseline.of(new double[] {0.9, 0.9}).into(quality);
    ScoreBaseline second = ScoreBaseline.of(new double[] {0.1});
    assertThat(second.into(first)).isEqualTo(second.into(quality)).isNotEqualTo(first);
    assertThat(first.extra()).containsEntry("probe.ridge", 3.0).hasSize(17);
    assertThat(first.extra().keySet()).filteredOn(ScoreBaseline::names).hasSize(16);
  }
}
